// The API: keeps a dataset and its job in one transaction, and answers readers when LISTEN says that an execution has ended.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { listen, openPool } from './database.mjs';

const LONGEST_WAIT_SECONDS = 60;
const BODY_LIMIT = 64 * 1024 * 1024;

// One statement is one transaction. Named statements are prepared once a connection.
const SUBMIT = {
  name: 'submit',
  text: `with kept as (
           insert into executions (id, script_id, input) select $1, id, $3 from scripts where name = $2 returning id
         )
         select graphile_worker.add_job('run', json_build_object('id', id), max_attempts := 3) from kept`,
};
const READ = {
  name: 'read',
  text: 'select id, status, result, error, submitted_at, started_at, finished_at from executions where id = $1',
};

const pool = openPool(10);
const waiting = new Map();
const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT });

await listen(
  (id) => waiting.get(id)?.(),
  () => process.exit(1), // whoever started it starts it again
);

// The text is kept as it came; it is only looked at whether it is JSON.
app.removeContentTypeParser('application/json');
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
  try {
    JSON.parse(body);
    done(null, body);
  } catch (error) {
    error.statusCode = 400;
    done(error);
  }
});
app.addContentTypeParser('text/javascript', { parseAs: 'string' }, (_request, body, done) => done(null, body));

/** How long the client wants to wait, in seconds. */
function preferredWait(request) {
  const wait = /\bwait=(\d+)/.exec(request.headers.prefer ?? '');
  return Math.min(Number(wait?.[1] ?? 0), LONGEST_WAIT_SECONDS);
}

/** A promise that is kept when the execution ends or the time is over. To be called before it can end. */
function ending(id, seconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      waiting.delete(id);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    waiting.set(id, done);
  });
}

async function read(id) {
  const { rows } = await pool.query({ ...READ, values: [id] });
  return rows[0];
}

const shown = ({ result, ...execution }) => ({ ...execution, result: result === null ? null : JSON.parse(result) });
const ended = (execution) => execution.status !== 'pending';

app.post('/v1/scripts', async (request, reply) => {
  const script = { id: randomUUID(), name: request.query.name };
  await pool.query('insert into scripts (id, name, source) values ($1, $2, $3)', [script.id, script.name, request.body]);
  return reply.code(201).send(script);
});

app.post('/v1/scripts/:name/executions', async (request, reply) => {
  const id = randomUUID();
  const wait = preferredWait(request);
  const end = wait > 0 ? ending(id, wait) : Promise.resolve();
  const { rowCount } = await pool.query({ ...SUBMIT, values: [id, request.params.name, request.body] });
  if (rowCount === 0) {
    waiting.get(id)?.();
    return reply.code(404).send({ detail: 'There is no such script.' });
  }
  await end;
  const execution = await read(id);
  return reply.code(ended(execution) ? 200 : 202).header('location', `/v1/executions/${id}`).send(shown(execution));
});

app.get('/v1/executions/:id', async (request, reply) => {
  const { id } = request.params;
  const wait = preferredWait(request);
  const end = wait > 0 ? ending(id, wait) : Promise.resolve();
  const execution = await read(id);
  if (execution === undefined || ended(execution) || wait === 0) {
    waiting.get(id)?.();
    return execution === undefined ? reply.code(404).send({ detail: 'There is no such execution.' }) : shown(execution);
  }
  await end;
  return shown(await read(id));
});

app.get('/health/live', () => ({ status: 'live' }));

process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
