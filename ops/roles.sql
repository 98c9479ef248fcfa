-- The three roles and the database. Run by a superuser through psql, as often as you like:
-- by the embedded server's launcher, by the postgres image on its first start, or by hand:
--     TRIPACT_DATABASE=tripact TRIPACT_OWNER_PASSWORD=… TRIPACT_APP_PASSWORD=… \
--     TRIPACT_BACKUP_PASSWORD=… psql -f ops/roles.sql "$SUPERUSER_URL"
\set ON_ERROR_STOP on
\getenv database TRIPACT_DATABASE
\getenv owner_password TRIPACT_OWNER_PASSWORD
\getenv app_password TRIPACT_APP_PASSWORD
\getenv backup_password TRIPACT_BACKUP_PASSWORD

SELECT format('CREATE ROLE %I', wanted)
FROM unnest(ARRAY['tripact_owner', 'tripact_app', 'tripact_backup']) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)
\gexec

-- Owns the tables and migrates them; row security is forced upon it too.
ALTER ROLE tripact_owner
    LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
-- What web, worker and beat connect as: owns nothing, sees one tenant at a time.
ALTER ROLE tripact_app
    LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS NOREPLICATION PASSWORD :'app_password';
-- pg_dump must see every row, and may change none.
ALTER ROLE tripact_backup
    LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS PASSWORD :'backup_password';
GRANT pg_read_all_data TO tripact_backup;

SELECT format('CREATE DATABASE %I', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
ALTER DATABASE :"database" OWNER TO tripact_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO tripact_app, tripact_backup;

\connect :"database"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
