// What both processes share: where the database is, and how its connections are pooled.
import pg from 'pg';

export const connectionString = process.env.DATABASE_URL;

/** The channel on which the worker says that executions have ended; the payload is an id. */
export const ENDED = 'execution_ended';

export function openPool(max) {
  const pool = new pg.Pool({ connectionString, max });
  pool.on('error', () => {}); // an idle connection was lost: the next query opens another
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** A connection of its own that calls `onEnded(id)`, and `onLost()` when it is gone. */
export async function listen(onEnded, onLost) {
  const client = new pg.Client({ connectionString });
  client.on('notification', ({ payload }) => onEnded(payload));
  client.on('error', onLost);
  client.on('end', onLost);
  await client.connect();
  await client.query(`listen ${ENDED}`);
}
