-- What each project's history of tickets taught about readiness, and how many closed tickets that rests on.

-- Key (project). `payload` is the calibration as JSON.
CREATE TABLE stage.calibration (
    project VARCHAR NOT NULL,
    rubric VARCHAR NOT NULL,
    tickets INTEGER NOT NULL,
    payload VARCHAR NOT NULL
);
