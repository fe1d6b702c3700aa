//! Who may see and do what: every look into storage carries one of these.

use serde::{Deserialize, Serialize};

use super::ids::{ClerkId, ControllerId, SystemId};
use super::obstacle::Obstacle;

/// What a clerk is to a controller; each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads cases and the log, changes nothing.
    Auditor,
    /// Works on cases: intake, identity, search, drafts.
    Handler,
    /// Decides items and releases answers.
    Decider,
    /// Also keeps the register, the clerks and the settings.
    Admin,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Role; 4] = [Role::Auditor, Role::Handler, Role::Decider, Role::Admin];

    /// The role's name in storage and configuration.
    pub fn code(self) -> &'static str {
        match self {
            Role::Auditor => "auditor",
            Role::Handler => "handler",
            Role::Decider => "decider",
            Role::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Who acts, as the ledger names them: a random id that says nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(pub String);

impl Actor {
    /// The program itself: timers, the outbox.
    pub fn house() -> Actor {
        Actor("house".to_owned())
    }

    /// The person at the counter.
    pub fn public() -> Actor {
        Actor("public".to_owned())
    }

    /// The owner of a system, who answers by a link of her own; who that is stands in the case.
    pub fn owner(system: SystemId) -> Actor {
        Actor(format!("owner.{system}"))
    }

    /// The system whose owner acted, if one did.
    pub fn owned(&self) -> Option<SystemId> {
        self.0.strip_prefix("owner.")?.parse().ok()
    }
}

/// The controllers that a call may touch, and in which role. Storage has no query without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    clerk: Option<ClerkId>,
    actor: Actor,
    memberships: Vec<(ControllerId, Role)>,
}

impl Scope {
    /// From a signed-in session.
    pub fn of_clerk(clerk: ClerkId, actor: Actor, memberships: Vec<(ControllerId, Role)>) -> Scope {
        Scope {
            clerk: Some(clerk),
            actor,
            memberships,
        }
    }

    /// From a public path or a link's token: this controller alone, and no clerk. It may do what a person's own
    /// acts need, and stands below whatever decides.
    pub fn of_public(controller: ControllerId) -> Scope {
        Scope {
            clerk: None,
            actor: Actor::public(),
            memberships: vec![(controller, Role::Handler)],
        }
    }

    /// From the link of a system's owner: this controller alone, and no clerk.
    pub fn of_owner(controller: ControllerId, system: SystemId) -> Scope {
        Scope {
            clerk: None,
            actor: Actor::owner(system),
            memberships: vec![(controller, Role::Handler)],
        }
    }

    /// The program's own work for one controller: timers, the outbox, a verb of the command line.
    pub fn of_house(controller: ControllerId) -> Scope {
        Scope {
            clerk: None,
            actor: Actor::house(),
            memberships: vec![(controller, Role::Admin)],
        }
    }

    /// The clerk behind it, if a person at the desk acts.
    pub fn clerk(&self) -> Option<ClerkId> {
        self.clerk
    }

    /// The name under which the ledger keeps the act.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// All controllers in reach.
    pub fn controllers(&self) -> Vec<ControllerId> {
        self.memberships
            .iter()
            .map(|(controller, _)| *controller)
            .collect()
    }

    /// The role held for a controller, if any.
    pub fn role(&self, controller: ControllerId) -> Option<Role> {
        self.memberships
            .iter()
            .find(|(id, _)| *id == controller)
            .map(|(_, role)| *role)
    }

    /// Whether anything of this controller may be seen.
    pub fn covers(&self, controller: ControllerId) -> bool {
        self.role(controller).is_some()
    }

    /// The obstacle, unless at least this role is held for the controller.
    pub fn demand(&self, controller: ControllerId, least: Role) -> Result<(), Obstacle> {
        match self.role(controller) {
            Some(role) if role >= least => Ok(()),
            _ => Err(Obstacle::RoleLacking { least }),
        }
    }

    /// Whether cases of applicants and staff may be seen: only by who decides, and by the house and the person
    /// herself, who is no clerk.
    pub fn sees_confidential(&self, controller: ControllerId) -> bool {
        match (self.clerk, self.role(controller)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(_), Some(role)) => role >= Role::Decider,
        }
    }

    /// Whether some controller is held in at least this role.
    pub fn anywhere(&self, least: Role) -> bool {
        self.memberships.iter().any(|(_, role)| *role >= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_reaches_its_own_controllers_in_its_own_role_only() {
        let scope = Scope::of_clerk(
            ClerkId(1),
            Actor("a".into()),
            vec![(ControllerId(1), Role::Handler)],
        );
        assert!(scope.demand(ControllerId(1), Role::Handler).is_ok());
        assert!(scope.demand(ControllerId(1), Role::Decider).is_err());
        assert!(scope.demand(ControllerId(2), Role::Auditor).is_err());
        assert!(!scope.covers(ControllerId(2)));
    }
}
