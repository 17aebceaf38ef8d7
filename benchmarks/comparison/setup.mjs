// Makes the tables and graphile-worker's, and ends.
import { readFile } from 'node:fs/promises';
import { runMigrations } from 'graphile-worker';
import { connectionString, openPool } from './database.mjs';

const pool = openPool(1);
await pool.query(await readFile(new URL('schema.sql', import.meta.url), 'utf8'));
await pool.end();
await runMigrations({ connectionString });
