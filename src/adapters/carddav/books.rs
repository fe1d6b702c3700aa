//! Which address books there are: found from the account's own place, with those of its groups and those that are shared.

use super::dav::{Dav, Href};
use super::xml::{CARD, DAV};
use crate::ports::source::{Fault, Mishap};

/// Groups of an account, and places for books.
const MOST: usize = 200;

/// An address book.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub href: Href,
    /// As people call it.
    pub name: String,
    /// Whether cards may be written, where the server says.
    pub writable: Option<bool>,
}

/// Finds all address books.
pub(super) async fn books(dav: &Dav, start: &Href, more: &[Href]) -> Result<Vec<Book>, Mishap> {
    let mut homes = Vec::new();
    let principal = principal(dav, start).await?;
    let own = dav
        .propfind(
            &principal,
            0,
            "<c:addressbook-home-set/><d:group-membership/>",
        )
        .await?;
    let mut groups = Vec::new();
    for told in &own {
        homes.extend(
            told.prop(CARD, "addressbook-home-set")
                .map(|it| dav.hrefs(it))
                .unwrap_or_default(),
        );
        groups.extend(
            told.prop(DAV, "group-membership")
                .map(|it| dav.hrefs(it))
                .unwrap_or_default(),
        );
    }
    if homes.is_empty() && more.is_empty() {
        return Err(Mishap::new(Fault::Unknown, "no addressbook-home-set"));
    }
    if groups.len() > MOST {
        return Err(Mishap::new(
            Fault::Flooded,
            format!("more than {MOST} groups"),
        ));
    }
    for group in groups {
        let told = match dav.propfind(&group, 0, "<c:addressbook-home-set/>").await {
            // A group whose place is nobody's business has no books for us.
            Err(mishap) if matches!(mishap.fault, Fault::Forbidden | Fault::Missing) => continue,
            told => told?,
        };
        homes.extend(
            told.iter()
                .filter_map(|it| it.prop(CARD, "addressbook-home-set"))
                .flat_map(|it| dav.hrefs(it)),
        );
    }
    homes.sort();
    homes.dedup();
    if homes.len() > MOST {
        return Err(Mishap::new(
            Fault::Flooded,
            format!("more than {MOST} homes"),
        ));
    }
    let mut found: Vec<Book> = Vec::new();
    for (home, depth) in homes
        .iter()
        .map(|it| (it, 1))
        .chain(more.iter().map(|it| (it, 0)))
    {
        let props = "<d:resourcetype/><d:displayname/><d:current-user-privilege-set/>";
        for told in dav.propfind(home, depth, props).await? {
            let kinds = told.prop(DAV, "resourcetype");
            let known = found.iter().any(|it| it.href.is(&told.href));
            if known || kinds.is_none_or(|it| it.one(CARD, "addressbook").is_none()) {
                continue;
            }
            let name = told
                .prop(DAV, "displayname")
                .map(|it| it.text.trim().to_owned())
                .filter(|it| !it.is_empty());
            let writable = told.prop(DAV, "current-user-privilege-set").map(|set| {
                let mut rights = set.each(DAV, "privilege").flat_map(|it| &it.inner);
                rights.any(|it| {
                    ["write", "write-content", "unbind", "all"]
                        .iter()
                        .any(|name| it.is(DAV, name))
                })
            });
            found.push(Book {
                name: name
                    .or_else(|| told.href.pieces().pop())
                    .unwrap_or_default(),
                href: told.href,
                writable,
            });
            if found.len() > MOST {
                return Err(Mishap::new(
                    Fault::Flooded,
                    format!("more than {MOST} address books"),
                ));
            }
        }
    }
    Ok(found)
}

/// Who we are over there.
async fn principal(dav: &Dav, start: &Href) -> Result<Href, Mishap> {
    let asked = ask(dav, start).await;
    let again = match &asked {
        Ok(found) => found.is_none(),
        Err(mishap) => matches!(
            mishap.fault,
            Fault::Missing | Fault::Redirected | Fault::Refused
        ),
    };
    if again {
        // A server that says no to that, too, has said what it has to say before.
        if let Ok(Some(place)) = dav.well_known().await
            && let Some(principal) = ask(dav, &place).await?
        {
            return Ok(principal);
        }
    }
    asked?.ok_or_else(|| Mishap::new(Fault::Unknown, "no current-user-principal"))
}

async fn ask(dav: &Dav, at: &Href) -> Result<Option<Href>, Mishap> {
    let told = dav.propfind(at, 0, "<d:current-user-principal/>").await?;
    let mut found = told
        .iter()
        .filter_map(|it| it.prop(DAV, "current-user-principal"));
    let Some(principal) = found.next() else {
        return Ok(None);
    };
    if principal.one(DAV, "unauthenticated").is_some() {
        return Err(Mishap::new(Fault::Unauthorized, "nobody is signed in"));
    }
    Ok(dav.hrefs(principal).into_iter().next())
}
