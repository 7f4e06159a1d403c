use data_encoding::{BASE64, HEXLOWER};
use domain::log::{Checkpoint, Consistency, Inclusion, base64};

use crate::plan::{Fields, Object};

impl Object for Checkpoint {
    const NAME: &'static str = "Checkpoint";
    const DESCRIPTION: &'static str = "What the log of the history was, signed. Kept elsewhere, it tells later whether anything before it was changed.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("origin", "The name of the key that signed it.", |row| &row.origin);
        fields.computed("size", "How many entries the log had.", |row| number(row.size));
        fields.computed("rootHash", "The root of the tree over them (RFC 6962), in base64.", |row| {
            BASE64.encode(&row.root)
        });
        fields.column(
            "note",
            "The signed note (C2SP tlog-checkpoint) that says all this, as a file to keep.",
            |row| &row.note,
        );
    }
}

impl Object for Inclusion {
    const NAME: &'static str = "InclusionProof";
    const DESCRIPTION: &'static str = "The proof that an event is in the log.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("index", "Its place in the log, from 0.", |row| number(row.index));
        fields.computed("leaf", "The hash of the event's bytes, in hexadecimal.", |row| {
            HEXLOWER.encode(&row.leaf())
        });
        fields.computed("hashes", "The hashes on the way to the root, from below, in base64.", |row| {
            base64(&row.hashes)
        });
        fields.object("checkpoint", "The log that it is in.", |row| row.checkpoint.clone());
        fields.column("body", "The event's bytes: canonical JSON with commitments to its values.", |row| {
            &row.body
        });
        fields.computed("bundle", "All of it as the file that verifier/verify_proof.py checks.", |row| {
            row.bundle()
        });
    }
}

impl Object for Consistency {
    const NAME: &'static str = "ConsistencyProof";
    const DESCRIPTION: &'static str =
        "The proof that the log of one checkpoint is the beginning of that of another.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("earlier", "The signed note of the earlier checkpoint.", |row| &row.earlier);
        fields.object("later", "The later one.", |row| row.later.clone());
        fields
            .computed("hashes", "The hashes that prove it (RFC 6962), in base64.", |row| base64(&row.hashes));
        fields.computed("bundle", "All of it as the file that verifier/verify_proof.py checks.", |row| {
            row.bundle()
        });
    }
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
