//! What persons judged otherwise than the program, kept to learn from where the operator wishes it.

use crate::casework::error::Error;
use crate::casework::office::Office;
use crate::domain::example::{Example, Judged};
use crate::domain::ids::ControllerId;
use crate::domain::incoming::Understood;
use crate::domain::scope::{Role, Scope};
use crate::reading::message::Message;
use crate::reading::redacted::redacted;
use crate::storage::examples::{self, ExampleRow};

use super::understanding::words;

impl Office {
    /// Keeps a mail as an example, if that is wished and the person said something else than the program.
    pub(super) async fn keep_example(
        &self,
        controller: ControllerId,
        understood: &Understood,
        said: Judged,
        message: &Message,
    ) -> Result<(), Error> {
        if !self.manners.keep_examples {
            return Ok(());
        }
        let known: Vec<&str> = [
            Some(&understood.name),
            Some(&understood.from),
            Some(&understood.email),
            understood.data_subject.as_ref(),
            understood.reference.as_ref(),
        ]
        .into_iter()
        .flatten()
        .map(|it| it.reveal().as_str())
        .collect();
        let text = redacted(words(message).reveal(), &known);
        let Some(example) = Example::of(understood, said, text) else {
            return Ok(());
        };
        let key = self.house(controller)?.keys.wrap.newest();
        let until = Example::until(self.today());
        let row = ExampleRow::seal(self.next_id(), controller, until, &example, key)?;
        Ok(self
            .store
            .write(move |conn| examples::insert(conn, &row))
            .await?)
    }

    /// The examples of a controller, the oldest first.
    pub async fn examples(
        &self,
        scope: &Scope,
        controller: ControllerId,
    ) -> Result<Vec<Example>, Error> {
        scope.demand(controller, Role::Admin)?;
        let reach = scope.clone();
        let rows = self
            .store
            .read(move |conn| examples::all(conn, &reach, controller))
            .await?;
        let keys = &self.house(controller)?.keys;
        rows.iter().map(|row| Ok(row.open(keys)?)).collect()
    }
}
