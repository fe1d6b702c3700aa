//! Every key of the configuration in words; `docs/configuration.md` is written from this.

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// Its section.
    pub section: &'static str,
    /// Its name.
    pub key: &'static str,
    /// What holds when it is not written; "needed" when it must be.
    pub unset: &'static str,
    /// What it does.
    pub says: &'static str,
}

const fn key(
    section: &'static str,
    key: &'static str,
    unset: &'static str,
    says: &'static str,
) -> Described {
    Described {
        section,
        key,
        unset,
        says,
    }
}

/// All keys, in the order of the example.
pub const KEYS: &[Described] = &[
    key(
        "server",
        "listen",
        "`127.0.0.1:8080`",
        "Address and port. Put a proxy with TLS before it, or listen on the machine alone.",
    ),
    key("server", "workers", "`2`", "Threads that serve requests."),
    key(
        "server",
        "trusted_proxies",
        "none",
        "Addresses of proxies. Only from these `X-Forwarded-For` is believed.",
    ),
    key(
        "store",
        "sqlite",
        "`rechtzeitig.db`",
        "File of the embedded database.",
    ),
    key(
        "store",
        "postgres",
        "",
        "Connection string, as in `postgres://user@host/database`, instead of `sqlite`. Needs a build with PostgreSQL.",
    ),
    key(
        "store",
        "postgres_file",
        "",
        "A file that holds the connection string, because it holds a password.",
    ),
    key(
        "store",
        "postgres_env",
        "",
        "An environment variable that holds it.",
    ),
    key(
        "files",
        "folder",
        "`files`",
        "Folder of the sealed files: attachments, copies, letters.",
    ),
    key(
        "keys",
        "master_file",
        "`keys/master.key`",
        "The master keys. Whoever has them and the database can read every case; without them nobody can.",
    ),
    key(
        "keys",
        "master_env",
        "",
        "An environment variable with the text of the key file, instead of the file.",
    ),
    key(
        "mail",
        "host",
        "needed in `[mail]`",
        "The mail server that takes our mail. Without a section `[mail]` messages are kept and shown in the desk as not sent.",
    ),
    key(
        "mail",
        "port",
        "587, 465 or 25",
        "Its port; unset, the one that goes with `security`.",
    ),
    key(
        "mail",
        "security",
        "`starttls`",
        "`starttls`, `tls`, or `none` (only to this machine itself).",
    ),
    key(
        "mail",
        "user",
        "",
        "The user name, if the server wants one.",
    ),
    key(
        "mail",
        "password_file",
        "",
        "A file that holds the password.",
    ),
    key(
        "mail",
        "password_env",
        "",
        "An environment variable that holds it.",
    ),
    key(
        "mail",
        "ca_file",
        "the public authorities",
        "Certificates (PEM) of the authorities to trust instead.",
    ),
    key(
        "mail",
        "hello_name",
        "the machine's address",
        "The name that this machine says to the server.",
    ),
    key(
        "mail",
        "plus_address",
        "`false`",
        "Set it where mail to `name+anything@domain` reaches `name@domain`. Then answers and reports come back to an address of their own for each message, and find their case even if the other side leaves everything else out.",
    ),
    key(
        "mail",
        "allow_plaintext",
        "`false`",
        "Allows `security = \"none\"` to another machine. Everything crosses the wire in clear.",
    ),
    key(
        "desk",
        "second_factor",
        "`true`",
        "Whether signing in needs a code from an app beside the password.",
    ),
    key(
        "desk",
        "session_hours",
        "`12`",
        "Hours after which an unused session ends.",
    ),
    key(
        "desk",
        "digest_hour",
        "`7`",
        "The hour in Europe/Berlin from which the daily digest goes out.",
    ),
    key(
        "desk",
        "mails_per_day",
        "`5`",
        "At most so many mails a day go to an address without anybody at the desk; further ones wait until the next day.",
    ),
    key(
        "desk",
        "keep_examples",
        "`false`",
        "Whether mails that you judged otherwise than the program are kept as examples: without names, addresses and numbers, sealed, for six months. `rechtzeitig mail examples` prints them.",
    ),
    key(
        "desk",
        "feeds",
        "`false`",
        "Whether clerks may subscribe to a calendar with the dates due (number, right, date and link; no personal data).",
    ),
    key(
        "uploads",
        "max_bytes",
        "`26214400`",
        "Largest attachment in bytes.",
    ),
    key(
        "uploads",
        "max_files",
        "`10`",
        "At most so many files with one form.",
    ),
    key(
        "scanner",
        "clamd",
        "needed in `[scanner]`",
        "Where clamd of ClamAV listens: the path of its socket (Debian: `/run/clamav/clamd.ctl`), or `tcp host:port`. Without a section `[scanner]` nobody looks into files.",
    ),
    key(
        "scanner",
        "when_away",
        "`refuse`",
        "What happens to a file that cannot be looked into: `refuse` (it is not handed out) or `allow` (it is, under a name that says so).",
    ),
    key(
        "scanner",
        "seconds",
        "`60`",
        "Seconds to wait for a word about one file.",
    ),
    key(
        "ledger",
        "checkpoint_folder",
        "",
        "Folder in which signed checkpoints are kept; best one on another machine.",
    ),
    key(
        "ledger",
        "checkpoint_email",
        "",
        "Address to which they are mailed; best one outside of the house.",
    ),
    key(
        "log",
        "filter",
        "`info,actix_server=warn`",
        "What is logged, as in `info,rechtzeitig=debug`.",
    ),
    key(
        "log",
        "json",
        "`false`",
        "One JSON object a line instead of text.",
    ),
    key(
        "calendar",
        "file",
        "the shipped table",
        "An own table of public holidays; `config/holidays.csv` explains the form.",
    ),
    key(
        "law",
        "file",
        "the shipped book",
        "An own book of law: periods, grounds, authorities, words out of date; `config/law.toml` explains the form.",
    ),
    key(
        "letters",
        "overrides",
        "",
        "Folder with own wordings of letters; `rechtzeitig letters check` tries them.",
    ),
    key(
        "controller",
        "slug",
        "needed",
        "Small letters, digits, hyphens. It becomes the address of the form and the name of the ledger: do not change it later.",
    ),
    key("controller", "name", "needed", "The full legal name."),
    key(
        "controller",
        "short",
        "`name`",
        "A short name for subjects of mails and columns.",
    ),
    key(
        "controller",
        "address",
        "needed",
        "Postal address, a list of lines.",
    ),
    key(
        "controller",
        "email",
        "needed",
        "Where people write about data protection; sender of the mails.",
    ),
    key(
        "controller",
        "phone",
        "",
        "A telephone number, if one is offered.",
    ),
    key(
        "controller",
        "officer",
        "",
        "Contact of the data protection officer, where there is one (Art. 37 GDPR).",
    ),
    key(
        "controller",
        "imprint",
        "",
        "Web address of your imprint; every page for the public links it (§ 5 DDG).",
    ),
    key(
        "controller",
        "public_url",
        "needed",
        "Where the pages are reached from outside, as in `https://anfragen.example`.",
    ),
    key(
        "controller",
        "place",
        "needed",
        "Place whose public holidays count: `DE-HE`, or with a municipal addition `DE-BY+mariae-himmelfahrt`.",
    ),
    key(
        "controller",
        "languages",
        "`[\"de\", \"en\"]`",
        "Languages of form and letters; the first one is the default.",
    ),
    key(
        "controller",
        "form",
        "`sie`",
        "How people are addressed in German: `sie` or `du`.",
    ),
    key(
        "controller",
        "colour",
        "the house's",
        "Accent as `\"#0b5c6a\"`; made darker or lighter where it could not be read.",
    ),
    key(
        "controller",
        "brands",
        "none",
        "Names of brands and products that people may know it by.",
    ),
    key(
        "controller",
        "paths",
        "none",
        "Further addresses of its form, one for each brand.",
    ),
    key(
        "controller",
        "four_eyes",
        "`false`",
        "Whether who decided may not release the answer.",
    ),
    key(
        "controller",
        "download_days",
        "`30`",
        "Days that an answer can be downloaded.",
    ),
    key(
        "controller",
        "copy_days",
        "`90`, or `download_days` if that is longer",
        "Days after which the copy is destroyed here: the package counted from the day it was sent or fetched, what was found from the last answer of a closed case. What proves the answer stays.",
    ),
    key(
        "controller",
        "fallback_email",
        "`email`",
        "Where notices go while nobody has taken on a case.",
    ),
    key(
        "controller",
        "identity_methods",
        "`[\"address-on-file\", \"confirmed-link\", \"knowledge\", \"code-by-post\", \"signed-letter\", \"card-seen\"]`",
        "How people may prove who they are; also `portal`, `call-back` and, as the last step, `blackened-copy`.",
    ),
    key(
        "controller",
        "identity_reminder_days",
        "`14`",
        "Days after which a person who was asked for a proof is reminded, once.",
    ),
    key(
        "controller",
        "automated",
        "",
        "Sentence on automated decisions (Art. 15(1)(h), 22 GDPR).",
    ),
    key(
        "controller",
        "automated_by",
        "",
        "Who stands for that sentence.",
    ),
    key(
        "controller",
        "automated_on",
        "",
        "When it was last looked at, as in `\"2026-01-31\"`.",
    ),
    key(
        "controller",
        "policy_date",
        "",
        "Date of your privacy policy, as in `\"2026-01-31\"`; the desk asks once it is two years old.",
    ),
    key(
        "controller",
        "sector",
        "`general`",
        "`bank` for banks, insurers and investment firms, which keep vouchers for ten years.",
    ),
    key(
        "controller.authority",
        "name",
        "by `place`",
        "The supervisory authority by the seat, with its full name (Art. 77 GDPR). Without this section it is the one of the Land for companies.",
    ),
    key(
        "controller.authority",
        "address",
        "by `place`",
        "Its postal address, a list of lines.",
    ),
    key("controller.authority", "web", "", "Its web address."),
    key(
        "controller.channels",
        "invited",
        "none",
        "Ways to ask that you name: `form`, `email`, `letter`, `fax`, `phone`, `in-person`, `messenger`, `helpdesk`.",
    ),
    key(
        "controller.channels",
        "excluded",
        "none",
        "Ways that you do not offer. A request by such a way is recorded and answered all the same.",
    ),
    key(
        "controller.channels",
        "sentence",
        "needed with `excluded`",
        "What is said to who asked by a way that is not offered, in German.",
    ),
    key(
        "controller.channels",
        "sentence_en",
        "`sentence`",
        "The same in English.",
    ),
    key(
        "controller.channels",
        "on_the_phone",
        "a sentence of ours",
        "What the desk says to a caller; nothing is given out on the phone.",
    ),
    key(
        "controller.customers",
        "slug",
        "needed",
        "Its stable name: small letters, digits, hyphens. Cases keep it.",
    ),
    key(
        "controller.customers",
        "name",
        "needed",
        "The legal name of a customer for whom you process.",
    ),
    key(
        "controller.customers",
        "email",
        "",
        "Where requests are passed on to; without it a letter goes to `address`.",
    ),
    key(
        "controller.customers",
        "address",
        "",
        "Its postal address, a list of lines.",
    ),
    key(
        "controller.customers",
        "contract",
        "",
        "The contract and what you process, for the desk alone.",
    ),
    key(
        "controller.customers",
        "named",
        "`false`",
        "Whether the contract lets you name it to the person.",
    ),
    key(
        "controller.mailbox",
        "name",
        "needed",
        "Its stable name: small letters, digits, hyphens. Where reading stands is kept under it; another name begins anew.",
    ),
    key(
        "controller.mailbox",
        "host",
        "needed",
        "The IMAP server of the mailbox in which requests come in.",
    ),
    key(
        "controller.mailbox",
        "port",
        "993 or 143",
        "Its port; unset, the one that goes with `security`.",
    ),
    key(
        "controller.mailbox",
        "security",
        "`tls`",
        "`tls`, `starttls`, or `none` (only to this machine itself).",
    ),
    key(
        "controller.mailbox",
        "user",
        "needed",
        "The user name of the account.",
    ),
    key(
        "controller.mailbox",
        "password_file",
        "",
        "A file that holds the password. The mailbox needs this, `password_env` or `token_file`.",
    ),
    key(
        "controller.mailbox",
        "password_env",
        "",
        "An environment variable that holds it.",
    ),
    key(
        "controller.mailbox",
        "token_file",
        "",
        "A file with an access token (XOAUTH2), as Exchange Online wants it; read anew at each login, renewed by a helper of yours.",
    ),
    key(
        "controller.mailbox",
        "ca_file",
        "the public authorities",
        "Certificates (PEM) of the authorities to trust instead.",
    ),
    key(
        "controller.mailbox",
        "folder",
        "`INBOX`",
        "The folder that is read, written as in a mail program; levels with the server's own sign, mostly `/` or `.`.",
    ),
    key(
        "controller.mailbox",
        "read_only",
        "`false`",
        "Changes nothing on the server, whatever `after` says.",
    ),
    key(
        "controller.mailbox",
        "after",
        "`keep`",
        "What happens on the server to a message that is kept here: `keep` (nothing), `mark` (as read, with the keyword `$Rechtzeitig`) or `move`.",
    ),
    key(
        "controller.mailbox",
        "done_folder",
        "needed with `move`",
        "The folder that messages are moved to; made if it is not there.",
    ),
    key(
        "controller.mailbox",
        "sent_folder",
        "none",
        "The folder in which copies of sent answers are filed; `auto` asks the server for its own. Leave it out where the server files them by itself, as Gmail does.",
    ),
    key(
        "controller.mailbox",
        "from",
        "the day of the first reading",
        "First day of arrival whose messages are read, as in `\"2026-01-31\"`. What is older stays untouched.",
    ),
    key(
        "controller.mailbox",
        "trusted_servers",
        "none",
        "Names of your own mail servers, as they stand in `Received` and `Authentication-Results`. Where they found that the sender's domain signed a message (DKIM), the desk shows it as a hint at who wrote; it proves nothing.",
    ),
    key(
        "controller.mailbox",
        "max_bytes",
        "`26214400`",
        "Of a larger message only the head is taken, and the desk says so.",
    ),
    key(
        "controller.source",
        "name",
        "needed",
        "Its stable name: small letters, digits and hyphens. Findings are kept under it.",
    ),
    key(
        "controller.source",
        "system",
        "`name`",
        "The system of the register that it speaks for, by its short name. Several connections may speak for one.",
    ),
    key(
        "controller.source",
        "canary",
        "none",
        "Somebody invented whom the system holds: a mail address, else a name. She is looked for with everybody; without her nobody says that an answer is complete.",
    ),
    key(
        "controller.source",
        "per_minute",
        "none",
        "So many calls in a minute; without it as fast as the system answers.",
    ),
    key(
        "controller.source",
        "at_once",
        "`2`",
        "So many searches at once, 1 to 32.",
    ),
    key(
        "controller.source",
        "patience_seconds",
        "`60`",
        "How long one answer may take, 1 to 3600.",
    ),
    key(
        "controller.source",
        "minutes",
        "`60`",
        "How long one search may take in all, 1 to 1440.",
    ),
    key(
        "controller.source",
        "categories",
        "as found",
        "Which category of the register each category of its findings is: `{ contact = \"Kundenstamm\" }`.",
    ),
    key(
        "controller.source",
        "derived",
        "none",
        "How values are made that it holds instead of identifiers, such as the hash of a number: a list of recipes, explained in sources.md.",
    ),
];

/// The text of `docs/configuration.md`.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "<!-- Written from src/settings/described.rs; a test says when it is stale and how to renew it. -->\n\
         # Configuration\n\n\
         One TOML file. Every verb takes `--config FILE`, else reads `./rechtzeitig.toml`, else `./demo/rechtzeitig.toml`.\n\
         `rechtzeitig init` writes one with all keys explained, `rechtzeitig check` tries it and starts nothing.\n\n\
         - An unknown key is an error, so that a slip of the pen is noticed.\n\
         - Relative paths start at the folder of the file.\n\
         - The environment is laid over the file: `RECHTZEITIG__SERVER__LISTEN=0.0.0.0:8080` replaces `listen` in `[server]`,\n  \
           `RECHTZEITIG__CONTROLLER__0__PUBLIC_URL` that of the first controller. What reads as a number, truth value or\n  \
           list counts as such; quote it to mean text.\n\
         - Secrets never stand in the file itself: a key that ends in `_file` names a file, one in `_env` a variable.\n",
    );
    let mut section = "";
    for described in KEYS {
        if described.section != section {
            section = described.section;
            let (title, after) = match section {
                "controller" => (
                    "[[controller]]",
                    "One section for each controller (Art. 4(7) GDPR) that the office works for.\n\n",
                ),
                "controller.customers" => (
                    "[[controller.customers]]",
                    "One section for each customer for whom you process; who asks about such data is passed on.\n\n",
                ),
                "controller.mailbox" => (
                    "[[controller.mailbox]]",
                    "One section for each folder of a mail account in which requests to this controller come in.\n\n",
                ),
                "controller.source" => (
                    "[[controller.source]]",
                    "One section for each connected system, with one table below it that says how it is reached: \
                     `[controller.source.odoo]`, `frappe`, `zammad`, `mautic`, `imap`, `sql`, `files`, `s3`, `carddav` or \
                     `declared`. [sources.md](sources.md) says what each needs.\n\n",
                ),
                "mail" => (
                    "[mail]",
                    "The mail server; `[controller.mail]` below a controller takes the same keys and goes before it.\n\n",
                ),
                _ => ("", ""),
            };
            let title = if title.is_empty() {
                format!("[{section}]")
            } else {
                title.to_owned()
            };
            text.push_str(&format!(
                "\n## `{title}`\n\n{after}| key | unset means | |\n|---|---|---|\n"
            ));
        }
        text.push_str(&format!(
            "| `{}` | {} | {} |\n",
            described.key, described.unset, described.says
        ));
    }
    text
}
