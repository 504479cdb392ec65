BEGIN TRANSACTION;
CREATE TABLE ledger (version INTEGER NOT NULL, key BLOB NOT NULL);
INSERT INTO "ledger" VALUES(1,X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F');
CREATE TABLE ledger_alarms (
        run INTEGER NOT NULL,
        claim INTEGER NOT NULL,
        number INTEGER NOT NULL,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        outcome TEXT NOT NULL,
        lines TEXT NOT NULL,
        place TEXT NOT NULL,
        cents BIGINT NOT NULL,
        evidence TEXT NOT NULL,
        disposition TEXT NOT NULL,
        PRIMARY KEY (run, claim, number),
        FOREIGN KEY (run, claim) REFERENCES ledger_claims (run, number)
    ) WITHOUT ROWID
    ;
INSERT INTO "ledger_alarms" VALUES(1,2,0,'INJ-E02','deny','fail','1','2400/SV101-03',2500,'{"modifiers": ["59"], "units": 1}','hold');
CREATE TABLE ledger_artefacts (
        run INTEGER NOT NULL REFERENCES ledger_runs (id),
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (run, name)
    );
INSERT INTO "ledger_artefacts" VALUES(1,'released/sample.837','454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a1');
CREATE TABLE ledger_claims (
        run INTEGER NOT NULL,
        number INTEGER NOT NULL,
        st INTEGER NOT NULL,
        claim TEXT NOT NULL,
        frequency TEXT NOT NULL,
        trace TEXT NOT NULL,
        payer_control TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        cents BIGINT,
        first_day DATE,
        last_day DATE,
        billing_npi TEXT NOT NULL,
        rendering_npi TEXT NOT NULL,
        payer_id TEXT NOT NULL,
        payer_class TEXT NOT NULL,
        filing TEXT NOT NULL,
        person TEXT NOT NULL,
        member TEXT NOT NULL,
        disposition TEXT NOT NULL,
        timely DATE,
        hold INTEGER REFERENCES ledger_holds (id),
        PRIMARY KEY (run, number),
        FOREIGN KEY (run, st) REFERENCES ledger_transactions (run, number)
    ) WITHOUT ROWID
    ;
INSERT INTO "ledger_claims" VALUES(1,1,0,'CLM1','1','','','aae42a837b239d7953e6f072b23ed3a1e680ee35890e1d8b6837f4768b078b2a',2500,'2026-10-05','2026-10-05','1000000012','1000000012','TESTMB','medicare','MB','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','released',NULL,NULL);
INSERT INTO "ledger_claims" VALUES(1,2,0,'CLM2','1','','','b10ec74b4e9e948fda3aff46ddabbc0e10866b139f64ec8df956267ee3394312',2500,'2026-10-05','2026-10-05','1000000012','1000000012','TESTMB','medicare','MB','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','held','2027-10-05',1);
INSERT INTO "ledger_claims" VALUES(1,3,1,'CLM3','1','','','bc7a5265870198b79e7e10a89406a31f777c45b60b6e1411fb6b3fb4c8f2908d',2500,'2026-10-05','2026-10-05','1000000012','1000000012','TESTMB','medicare','MB','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','released',NULL,NULL);
CREATE TABLE ledger_events (
        id INTEGER NOT NULL PRIMARY KEY,
        hold INTEGER NOT NULL REFERENCES ledger_holds (id),
        at DATETIME NOT NULL,
        state TEXT NOT NULL,
        by_user TEXT NOT NULL,
        reason TEXT NOT NULL,
        run INTEGER REFERENCES ledger_runs (id)
    );
INSERT INTO "ledger_events" VALUES(1,1,'2026-11-02 12:30:00.000000','new','','',1);
INSERT INTO "ledger_events" VALUES(2,1,'2026-11-03 12:30:00.000000','released','ann','chart seen',NULL);
CREATE TABLE ledger_holds (
        id INTEGER NOT NULL PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        first_held DATETIME NOT NULL,
        run INTEGER NOT NULL REFERENCES ledger_runs (id),
        number INTEGER NOT NULL,
        claim TEXT NOT NULL
    );
INSERT INTO "ledger_holds" VALUES(1,'30e5cd192e637ecbed3a7f2e91e3013dffaca93bfcd881fe7d7657f3d30ee545','released','2026-11-02 12:30:00.000000',1,2,'CLM2');
CREATE TABLE ledger_lines (
        run INTEGER NOT NULL,
        claim INTEGER NOT NULL,
        number INTEGER NOT NULL,
        line TEXT NOT NULL,
        control TEXT NOT NULL,
        code TEXT NOT NULL,
        modifiers TEXT NOT NULL,
        units TEXT,
        cents BIGINT,
        first_day DATE,
        last_day DATE,
        place TEXT NOT NULL,
        diagnoses TEXT NOT NULL,
        ndc TEXT NOT NULL,
        PRIMARY KEY (run, claim, number),
        FOREIGN KEY (run, claim) REFERENCES ledger_claims (run, number)
    ) WITHOUT ROWID
    ;
INSERT INTO "ledger_lines" VALUES(1,1,0,'1','','96372','59','1',2500,'2026-10-05','2026-10-05','11','E538','');
INSERT INTO "ledger_lines" VALUES(1,1,1,'2','L''"2','J3420','',NULL,NULL,NULL,NULL,'11','','00143961901');
INSERT INTO "ledger_lines" VALUES(1,1,2,'3','','96372','JA::25','1.50',-1,'2026-10-05',NULL,'','E538:I10','');
INSERT INTO "ledger_lines" VALUES(1,2,0,'1','','96372','59','1',2500,'2026-10-05','2026-10-05','11','E538','');
INSERT INTO "ledger_lines" VALUES(1,3,0,'1','','96372','59','1',2500,'2026-10-05','2026-10-05','11','E538','');
CREATE TABLE ledger_runs (
        id INTEGER NOT NULL PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        at DATETIME NOT NULL,
        policy TEXT NOT NULL,
        outcome TEXT NOT NULL,
        received_claims BIGINT NOT NULL,
        received_lines BIGINT NOT NULL,
        received_cents BIGINT NOT NULL,
        released_claims BIGINT NOT NULL,
        released_lines BIGINT NOT NULL,
        released_cents BIGINT NOT NULL,
        held_claims BIGINT NOT NULL,
        held_lines BIGINT NOT NULL,
        held_cents BIGINT NOT NULL,
        selected TEXT NOT NULL,
        ignored TEXT NOT NULL,
        profile TEXT NOT NULL,
        tables TEXT NOT NULL,
        rules TEXT NOT NULL,
        software TEXT NOT NULL
    );
INSERT INTO "ledger_runs" VALUES(1,'c96c6d5be8d08a12e7b5cdc1b207fa6b2430974c86803d8891675e76fd992c20','sample.837','2026-11-02 12:30:00.000000','hold','parted',3,3,7500,2,2,5000,1,1,2500,'["INJ"]','[]','','[["mue", "2026-10"]]','1','0.0');
CREATE TABLE ledger_transactions (
        run INTEGER NOT NULL REFERENCES ledger_runs (id),
        number INTEGER NOT NULL,
        isa13 TEXT NOT NULL,
        gs06 TEXT NOT NULL,
        st02 TEXT NOT NULL,
        bht03 TEXT NOT NULL,
        version TEXT NOT NULL,
        received_claims BIGINT NOT NULL,
        received_lines BIGINT NOT NULL,
        received_cents BIGINT NOT NULL,
        held_claims BIGINT NOT NULL,
        held_lines BIGINT NOT NULL,
        held_cents BIGINT NOT NULL,
        PRIMARY KEY (run, number)
    );
INSERT INTO "ledger_transactions" VALUES(1,0,'000000001','1','0001','TEST1','005010X222A1',2,2,5000,1,1,2500);
INSERT INTO "ledger_transactions" VALUES(1,1,'000000001','1','0002','TEST1','005010X222A1',1,1,2500,0,0,0);
CREATE INDEX ledger_runs_at ON ledger_runs (at);
CREATE INDEX ledger_holds_claim ON ledger_holds (claim);
CREATE INDEX ledger_holds_state ON ledger_holds (state, first_held);
CREATE INDEX ledger_events_hold ON ledger_events (hold);
CREATE INDEX ledger_claims_claim ON ledger_claims (claim);
CREATE INDEX ledger_claims_person ON ledger_claims (person);
COMMIT;
