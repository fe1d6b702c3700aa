//! A declared statement with named parameters: taken apart once, so that nothing of a person ever stands in its text.
//! What is in quotes, comments and casts is left alone.

use std::collections::HashMap;

use super::lexer;
use crate::domain::identifier::SearchKey;

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
}

/// What a parameter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// `:email`, `:name`, `:address`, `:phone`, `:number`, `:ip`, `:handle`, `:derived`.
    Key(SearchKey),
    /// `:phone_end`: the last six digits, for tables with numbers in any spelling.
    PhoneEnd,
    /// `:from`: the first moment in which an identifier was hers.
    From,
    /// `:to`: the last one.
    To,
    /// `:id`: the key of a record that was found.
    Id,
    /// `:value`: what shall stand there.
    Value,
}

impl Parameter {
    /// The parameter of that name.
    pub fn named(name: &str) -> Option<Parameter> {
        Some(match name {
            "phone_end" => Parameter::PhoneEnd,
            "from" => Parameter::From,
            "to" => Parameter::To,
            "id" => Parameter::Id,
            "value" => Parameter::Value,
            key => Parameter::Key(SearchKey::from_code(key)?),
        })
    }
}

/// What is bound to the parameters of one run.
pub type Values = HashMap<Parameter, String>;

/// A piece of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that is sent as it is.
    Text(String),
    /// A place where something is bound.
    Parameter(Parameter),
}

/// A statement, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pieces: Vec<Piece>,
    dialect: Dialect,
}

impl Statement {
    /// Takes a statement apart.
    ///
    /// # Errors
    /// What is wrong with it, in words for the operator.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Statement, String> {
        let pieces = lexer::pieces(text, dialect)?;
        let statement = Statement { pieces, dialect };
        match statement.verb().is_empty() {
            true => Err("the statement is empty".to_owned()),
            false => Ok(statement),
        }
    }

    /// Its parameters, in the order in which they are bound; one that stands twice is there twice.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Parameter(parameter) => Some(*parameter),
        })
    }

    /// What is bound, in order; none, if something is missing: the statement is not run then.
    pub fn bound(&self, values: &Values) -> Option<Vec<String>> {
        // Only what shall stand somewhere may be empty: an empty identifier means everybody.
        let sound = |it: Parameter| {
            values
                .get(&it)
                .filter(|text| it == Parameter::Value || !text.is_empty())
        };
        self.parameters().map(|it| sound(it).cloned()).collect()
    }

    /// The first word, in small letters.
    pub fn verb(&self) -> String {
        let first = self.pieces.iter().find_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Parameter(_) => None,
        });
        let letters = first.unwrap_or_default().trim_start().chars();
        letters
            .take_while(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_lowercase()
    }

    /// The text that is prepared. Each place has a parameter of its own, so that each finds its own type.
    pub fn sql(&self) -> String {
        let mut place = 0_usize;
        self.rendered(|| {
            place += 1;
            match self.dialect {
                Dialect::Postgres => format!("${place}"),
                Dialect::Mysql | Dialect::Sqlite => "?".to_owned(),
            }
        })
    }

    /// The text with nothing in every place: for a trial that finds nobody.
    pub fn with_nothing(&self) -> String {
        self.rendered(|| "NULL".to_owned())
    }

    /// Whether the word stands in it.
    pub fn mentions(&self, word: &str) -> bool {
        let text = self.with_nothing().to_lowercase();
        let inner = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
        text.split(|letter| !inner(letter))
            .any(|it| it == word.to_lowercase())
    }

    fn rendered(&self, mut place: impl FnMut() -> String) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Parameter(_) => text.push_str(&place()),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postgres(text: &str) -> Statement {
        Statement::parse(text, Dialect::Postgres).unwrap()
    }

    #[test]
    fn parameters_are_found_and_nothing_else_is() {
        let statement = postgres(
            "SELECT id::text, ':email', \":email\", $$:email$$, $q$ :id $q$, E'it\\':email', 'it''s :email', a[1:2] \
             -- :nobody\n /* :nobody /* :nobody */ :nobody */ FROM t WHERE lower(email) = lower(:email) AND x = :id OR y = :email;",
        );
        let email = Parameter::Key(SearchKey::Email);
        assert_eq!(
            statement.parameters().collect::<Vec<_>>(),
            [email, Parameter::Id, email]
        );
        assert!(
            statement.sql().ends_with("lower($1) AND x = $2 OR y = $3"),
            "{}",
            statement.sql()
        );
        assert!(!statement.sql().contains("nobody"));
    }

    #[test]
    fn each_dialect_has_its_own_quotes() {
        let mysql = "SELECT `a:id`, 'it\\':id', \"\\\":id\", 5--3 # :nobody\n FROM t WHERE a = :id -- :nobody";
        let statement = Statement::parse(mysql, Dialect::Mysql).unwrap();
        assert_eq!(statement.parameters().count(), 1);
        assert!(statement.sql().contains("5--3"));
        let sqlite =
            Statement::parse("SELECT [a:id], 'a\\' FROM t WHERE b = :id", Dialect::Sqlite).unwrap();
        assert_eq!(sqlite.parameters().count(), 1);
        // To PostgreSQL a backslash is a letter unless an E stands before the quotes.
        assert_eq!(
            postgres("SELECT 'a\\' WHERE b = :id").parameters().count(),
            1
        );
        assert_eq!(
            postgres("SELECT table'a\\' WHERE b = :id")
                .parameters()
                .count(),
            1
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "",
            " -- nothing\n",
            "SELECT 1; DELETE FROM t",
            "SELECT 1;; SELECT 2",
            "SELECT 'open",
            "SELECT /* open",
            "SELECT $$ open",
            "SELECT 1 WHERE a = :nobody",
            "SELECT 1 WHERE a = $1",
        ] {
            assert!(Statement::parse(text, Dialect::Postgres).is_err(), "{text}");
        }
        assert!(Statement::parse("SELECT 1 WHERE a = ?", Dialect::Mysql).is_err());
        assert!(Statement::parse("SELECT 1 /*! , user() */", Dialect::Mysql).is_err());
        assert!(Statement::parse("SELECT 1 WHERE a = @x", Dialect::Sqlite).is_err());
        assert!(Statement::parse("SELECT 1; -- the end", Dialect::Postgres).is_ok());
    }

    #[test]
    fn a_statement_that_lacks_its_identifier_is_not_run() {
        let statement = postgres("SELECT 1 WHERE a = :email AND b = :id");
        let mut values = Values::from([(Parameter::Id, "7".to_owned())]);
        assert_eq!(statement.bound(&values), None);
        values.insert(Parameter::Key(SearchKey::Email), String::new());
        assert_eq!(statement.bound(&values), None);
        values.insert(Parameter::Key(SearchKey::Email), "a@b".to_owned());
        assert_eq!(
            statement.bound(&values),
            Some(vec!["a@b".to_owned(), "7".to_owned()])
        );
    }

    #[test]
    fn a_table_is_mentioned_as_a_whole_word() {
        let statement = postgres("DELETE FROM shop.Customers WHERE id = :id");
        assert!(statement.mentions("customers"));
        assert!(!statement.mentions("custom"));
    }
}
