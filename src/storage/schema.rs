//! The tables as diesel sees them; kept equal to the migrations by a test.

use diesel::table;

table! {
    setting (name) {
        name -> Text,
        value -> Text,
    }
}

table! {
    controller (id) {
        id -> BigInt,
        slug -> Text,
        place -> Text,
        calendar_version -> Text,
        created_at -> Timestamp,
    }
}

table! {
    controller_key (controller_id, purpose, version) {
        controller_id -> BigInt,
        purpose -> Text,
        version -> Integer,
        wrapped -> Binary,
    }
}

table! {
    ledger (id) {
        id -> BigInt,
        origin -> Text,
        verify_key -> Text,
        chain -> Binary,
        size -> BigInt,
    }
}

table! {
    checkpoint (ledger_id, size) {
        ledger_id -> BigInt,
        size -> BigInt,
        at -> Timestamp,
        note -> Text,
        published -> Bool,
    }
}

table! {
    cases (id) {
        id -> BigInt,
        controller_id -> BigInt,
        number -> Text,
        revision -> BigInt,
        received -> Date,
        due -> Date,
        earliest -> Date,
        stage -> Text,
        turn -> Text,
        rights -> Integer,
        channel -> Text,
        assignee -> Nullable<BigInt>,
        open -> Bool,
        apart -> Bool,
        mailbox -> Text,
        unread -> Bool,
        confidential -> Bool,
        closed -> Nullable<Date>,
        key_wrapped -> Nullable<Binary>,
        summary -> Binary,
        state -> Binary,
        changed_at -> Timestamp,
    }
}

table! {
    search_token (controller_id, hash, due, case_id) {
        controller_id -> BigInt,
        hash -> BigInt,
        due -> Date,
        case_id -> BigInt,
        longer -> Text,
    }
}

table! {
    event (id) {
        id -> BigInt,
        ledger_id -> BigInt,
        case_id -> Nullable<BigInt>,
        at -> Timestamp,
        kind -> Text,
        subject -> Text,
        actor -> Text,
        payload -> Nullable<Binary>,
        payload_hash -> Binary,
        seq -> Nullable<BigInt>,
    }
}

table! {
    message (id) {
        id -> BigInt,
        controller_id -> BigInt,
        case_id -> Nullable<BigInt>,
        clerk_id -> Nullable<BigInt>,
        kind -> Text,
        created_at -> Timestamp,
        state -> Text,
        next_at -> Nullable<Timestamp>,
        attempts -> Integer,
        promise -> Nullable<Text>,
        message_id -> Text,
        body_sealed -> Binary,
        trouble -> Text,
        settled_at -> Nullable<Timestamp>,
    }
}

table! {
    file (id) {
        id -> BigInt,
        controller_id -> BigInt,
        case_id -> Nullable<BigInt>,
        form_digest -> Nullable<Binary>,
        purpose -> Text,
        name_sealed -> Binary,
        key_wrapped -> Nullable<Binary>,
        media_type -> Text,
        size -> BigInt,
        stored -> Text,
        sha256 -> Binary,
        created_at -> Timestamp,
    }
}

table! {
    submission (form_digest) {
        form_digest -> Binary,
        controller_id -> BigInt,
        case_id -> BigInt,
        at -> Timestamp,
    }
}

table! {
    link (digest) {
        digest -> Binary,
        purpose -> Text,
        controller_id -> BigInt,
        case_id -> Nullable<BigInt>,
        clerk_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        code_digest -> Nullable<Binary>,
        code_until -> Nullable<Timestamp>,
        attempts -> Integer,
        parent -> Nullable<Binary>,
    }
}

table! {
    clerk (id) {
        id -> BigInt,
        actor -> Text,
        name -> Text,
        email -> Text,
        password -> Text,
        totp_sealed -> Nullable<Binary>,
        totp_step -> BigInt,
        created_at -> Timestamp,
        left_at -> Nullable<Timestamp>,
    }
}

table! {
    membership (clerk_id, controller_id) {
        clerk_id -> BigInt,
        controller_id -> BigInt,
        role -> Text,
    }
}

table! {
    session (digest) {
        digest -> Binary,
        clerk_id -> BigInt,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

table! {
    access (id) {
        id -> BigInt,
        at -> Timestamp,
        clerk_id -> BigInt,
        controller_id -> BigInt,
        case_id -> Nullable<BigInt>,
        page -> Text,
    }
}

table! {
    register_entry (id) {
        id -> BigInt,
        controller_id -> BigInt,
        slug -> Text,
        position -> Integer,
        revision -> BigInt,
        body -> Text,
        changed_at -> Timestamp,
    }
}

table! {
    incoming (id) {
        id -> BigInt,
        controller_id -> BigInt,
        mailbox -> Text,
        validity -> BigInt,
        uid -> BigInt,
        state -> Text,
        file_id -> Nullable<BigInt>,
        size -> BigInt,
        whole -> Bool,
        case_id -> Nullable<BigInt>,
        digest -> Nullable<Binary>,
        reading_sealed -> Nullable<Binary>,
        attempts -> Integer,
        locked_until -> Nullable<Timestamp>,
        arrived_at -> Timestamp,
        taken_at -> Timestamp,
        judged_at -> Nullable<Timestamp>,
        unmarked -> Bool,
    }
}

table! {
    mailbox_stand (controller_id, mailbox) {
        controller_id -> BigInt,
        mailbox -> Text,
        validity -> BigInt,
        next_uid -> BigInt,
        begun_on -> Date,
        read_at -> Nullable<Timestamp>,
        trouble -> Text,
    }
}

table! {
    mail_day (controller_id, digest, day) {
        controller_id -> BigInt,
        digest -> Binary,
        day -> Date,
        sent -> Integer,
    }
}

table! {
    snippet (id) {
        id -> BigInt,
        controller_id -> BigInt,
        lang -> Text,
        name -> Text,
        words -> Text,
    }
}

table! {
    example (id) {
        id -> BigInt,
        controller_id -> BigInt,
        until -> Date,
        example_sealed -> Binary,
    }
}

table! {
    job (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        promise -> Text,
        run_at -> Timestamp,
        state -> Text,
        attempts -> Integer,
        locked_until -> Nullable<Timestamp>,
        trouble -> Text,
    }
}

table! {
    retention (case_id) {
        case_id -> BigInt,
        controller_id -> BigInt,
        next -> Date,
    }
}

table! {
    breach (case_id, number) {
        case_id -> BigInt,
        number -> Integer,
        controller_id -> BigInt,
        due -> Timestamp,
        told -> Bool,
    }
}

table! {
    recipient_task (case_id) {
        case_id -> BigInt,
        controller_id -> BigInt,
        due -> Date,
        open -> Integer,
    }
}

table! {
    suppression (controller_id, digest, kind) {
        controller_id -> BigInt,
        digest -> Binary,
        kind -> Text,
        since -> Date,
    }
}

table! {
    erasure (id) {
        id -> BigInt,
        controller_id -> BigInt,
        done -> Date,
        until -> Date,
        note_sealed -> Binary,
    }
}

table! {
    erasure_digest (erasure_id, digest) {
        erasure_id -> BigInt,
        digest -> Binary,
        kind -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    cases,
    breach,
    recipient_task,
    search_token,
    event,
    message,
    clerk,
    membership,
    session,
    file,
    link
);

table! {
    follow_up (id) {
        id -> BigInt,
        controller_id -> BigInt,
        case_id -> BigInt,
        part -> Text,
        due -> Date,
        what_sealed -> Binary,
    }
}

table! {
    source_run (id) {
        id -> BigInt,
        controller_id -> BigInt,
        case_id -> BigInt,
        system_id -> BigInt,
        source -> Text,
        kind -> Text,
        promise -> Text,
        state -> Text,
        run_at -> Timestamp,
        attempts -> Integer,
        locked_until -> Nullable<Timestamp>,
        fault -> Text,
        detail -> Text,
        laid -> BigInt,
        begun_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        body_sealed -> Nullable<Binary>,
    }
}

table! {
    source_pause (controller_id, source) {
        controller_id -> BigInt,
        source -> Text,
        since -> Timestamp,
        actor -> Text,
    }
}

table! {
    finding (id) {
        id -> BigInt,
        controller_id -> BigInt,
        case_id -> BigInt,
        system_id -> BigInt,
        source -> Text,
        category -> Text,
        digest -> Binary,
        content -> Binary,
        tie -> Text,
        giving -> Text,
        ending -> Text,
        fate -> Text,
        correction -> Text,
        place -> Integer,
        giving_own -> Bool,
        ending_own -> Bool,
        heading_sealed -> Binary,
        body_sealed -> Binary,
        mark_sealed -> Nullable<Binary>,
        laid_at -> Timestamp,
    }
}

table! {
    finding_count (case_id, system_id, category, giving, ending, tie) {
        case_id -> BigInt,
        system_id -> BigInt,
        category -> Text,
        giving -> Text,
        ending -> Text,
        tie -> Text,
        held -> BigInt,
    }
}
