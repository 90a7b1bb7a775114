//! The state of a build: what every content that was ever read gave, kept in SQLite so that a killed run loses nothing.
//!
//! An answer is kept by what it depends on: the content's hash, the grammar that it was read with and the program's
//! version. The dataset is written from the answers alone, in a fixed order, so it cannot tell how many runs it took to get them.

use super::hex;
use super::pool::{Done, End, Hash};
use super::record::Head;
use super::wire::{self, Packed};
use crate::doc::Status;
use crate::grammar::load::what_decides;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::path::Path;

/// Name of the file within the folder of the state.
pub const NAME: &str = "state.sqlite";

/// The state of a build.
pub struct Store {
    connection: Connection,
    key: Key,
}

/// What an answer depends on beside the content.
pub struct Key {
    /// Version of the program.
    pub version: String,
    /// What stands for the grammar of a report that is of no family: the family of a report is the one that speaks for
    /// most of it, so whatever decides that has a say in all.
    plain: String,
    /// The same for each family, whose whole text has a say in its own reports.
    own: Vec<(String, String)>,
}

impl Key {
    /// The key of a run.
    pub fn new(version: String, texts: &[String]) -> Key {
        let parted: Vec<(String, String)> = texts.iter().map(|text| what_decides(text).unwrap_or((String::new(), text.clone()))).collect();
        let hash = |parts: &mut dyn Iterator<Item = &String>| {
            let mut hash = Sha256::new();
            for text in parts {
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text);
            }
            hex(&hash.finalize())
        };
        let plain = hash(&mut parted.iter().map(|(_, decides)| decides));
        let own = |family: &String| {
            let texts = texts.iter().zip(&parted).filter(|(_, (id, _))| id == family).map(|(text, _)| text);
            hash(&mut std::iter::once(&plain).chain(texts))
        };
        let own = parted.iter().map(|(family, _)| (family.clone(), own(family))).collect();
        Key { version, plain, own }
    }

    /// What a report of this family depends on.
    fn grammar(&self, family: Option<&str>) -> &str {
        let own = self.own.iter().find(|(id, _)| Some(id.as_str()) == family);
        own.map_or(&self.plain, |(_, grammar)| grammar)
    }
}

/// A file of this run, and what is known of it.
pub struct Input {
    /// What it is called.
    pub file: String,
    /// Its size in bytes.
    pub size: u64,
    /// Fingerprint of its content; none where it could not be opened.
    pub hash: Option<Hash>,
    /// Row of its answer.
    pub answer: Option<i64>,
    /// What is known of it.
    pub head: Head,
}

/// Pages that the log takes before they are written in their place: the end of a table is written again and again.
const PAGES_IN_LOG: u32 = 8192;

const TABLES: &str = "
    create table if not exists answer (
        id integer primary key, hash blob not null, grammar text not null, version text not null,
        keep integer not null, head blob not null, body blob not null, unique (hash, grammar, version));
    create table if not exists input (
        id integer primary key, file text not null, size integer not null, hash blob, status text, message text);
    create temp table current (grammar text primary key);
";

impl Store {
    /// Open or begin a state; inputs and doubtful answers of earlier runs are forgotten.
    pub fn open(path: &Path, key: Key) -> rusqlite::Result<Store> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "wal_autocheckpoint", PAGES_IN_LOG)?;
        connection.execute_batch(TABLES)?;
        connection.execute_batch("delete from input; delete from answer where keep = 0;")?;
        for grammar in key.own.iter().map(|(_, grammar)| grammar).chain([&key.plain]) {
            connection.execute("insert or ignore into current values (?)", [grammar])?;
        }
        Ok(Store { connection, key })
    }

    /// Contents that need no reading.
    pub fn known(&self) -> rusqlite::Result<HashSet<Hash>> {
        let mut statement = self.connection.prepare("select hash from answer where version = ? and grammar in current")?;
        let rows = statement.query_map([&self.key.version], |row| row.get::<_, Hash>(0))?;
        rows.collect()
    }

    /// Keep what came of some files; all of them or none.
    pub fn keep(&mut self, batch: &[Done]) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        for done in batch {
            keep_one(&transaction, &self.key, done)?;
        }
        transaction.commit()
    }

    /// Every file of this run with its head, in the order of the walk.
    pub fn inputs<T>(&self, mut take: impl FnMut(Input) -> T) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.connection.prepare(
            "select file, size, input.hash, answer.id, head, status, message from input left join answer
             on answer.hash = input.hash and version = ? and grammar in current order by input.id",
        )?;
        let rows = statement.query_map([&self.key.version], |row| {
            let head: Option<Vec<u8>> = row.get(4)?;
            let head = head.and_then(|bytes| wire::open_head(&bytes).ok());
            let refused = || -> rusqlite::Result<Head> {
                let status = row.get::<_, Option<String>>(5)?;
                Ok(Head { status: status.unwrap_or_else(|| Status::Failed.name().into()), message: row.get(6)?, ..Head::default() })
            };
            let head = head.map_or_else(refused, Ok)?;
            Ok(Input { file: row.get(0)?, size: row.get(1)?, hash: row.get(2)?, answer: row.get(3)?, head })
        })?;
        rows.map(|input| Ok(take(input?))).collect()
    }

    /// The packed body of an answer.
    pub fn body(&self, answer: i64) -> rusqlite::Result<Vec<u8>> {
        let mut statement = self.connection.prepare_cached("select body from answer where id = ?")?;
        Ok(statement.query_row([answer], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// Forget answers that no file of this run has.
    pub fn prune(&self) -> rusqlite::Result<()> {
        // The inner question is answered by an index alone, without the bodies.
        let unused = "delete from answer where id in (select id from answer
             where not (version = ? and grammar in current and hash in (select hash from input where hash is not null)))";
        self.connection.execute(unused, [&self.key.version])?;
        self.connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
    }
}

fn keep_one(transaction: &Transaction, key: &Key, done: &Done) -> rusqlite::Result<()> {
    let mut input = transaction.prepare_cached("insert into input (id, file, size, hash, status, message) values (?, ?, ?, ?, ?, ?)")?;
    match &done.end {
        End::Refused(status, why) => input.execute(params![done.order, done.file, done.size, None::<Hash>, status.name(), why])?,
        End::Known(hash) => input.execute(params![done.order, done.file, done.size, hash, None::<String>, None::<String>])?,
        End::Read { hash, packed: Packed { head, body }, keep } => {
            let mut answer = transaction
                .prepare_cached("insert or replace into answer (hash, grammar, version, keep, head, body) values (?, ?, ?, ?, ?, ?)")?;
            let family = wire::open_head(head).ok().and_then(|head| head.family);
            answer.execute(params![hash, key.grammar(family.as_deref()), key.version, keep, head, body])?;
            input.execute(params![done.order, done.file, done.size, hash, None::<String>, None::<String>])?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_grammar_is_another_key_for_what_it_concerns() {
        let key = |texts: [&str; 2]| Key::new("1".into(), &texts.map(str::to_string));
        let (one, other) = ("family = \"one\"\ntitle = \"a\"", "family = \"other\"\ntitle = \"b\"");
        let before = key([one, other]);
        let claims = key([one, "family = \"other\"\ntitle = \"b\"\nprose = { quiet = [\"c\"] }"]);
        assert_eq!(before.grammar(Some("one")), claims.grammar(Some("one")));
        assert_eq!(before.grammar(None), claims.grammar(None));
        assert_ne!(before.grammar(Some("other")), claims.grammar(Some("other")));
        let title = key([one, "family = \"other\"\ntitle = \"c\""]);
        assert!(["one", "other", "none"].iter().all(|family| before.grammar(Some(family)) != title.grammar(Some(family))));
        assert_ne!(key(["a", "b"]).grammar(None), key(["ab", ""]).grammar(None));
    }
}
