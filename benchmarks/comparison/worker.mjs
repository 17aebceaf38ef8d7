// The worker: runs each script in a fresh isolate that is given nothing but its dataset, and keeps what came of it.
import { run } from 'graphile-worker';
import ivm from 'isolated-vm';
import { ENDED, openPool } from './database.mjs';

const MEMORY_MB = 512;
const TIMEOUT_MS = 30_000;
const CONCURRENCY = Number(process.env.CONCURRENCY ?? 8);

const LOAD = {
  name: 'load',
  text: `select e.script_id, e.status, e.input, s.source
         from executions e join scripts s on s.id = e.script_id
         where e.id = $1`,
};
const FINISH = {
  name: 'finish',
  text: `with ended as (
           update executions set status = $2, result = $3, error = $4, started_at = $5, finished_at = $6
           where id = $1 and status = 'pending' returning id
         )
         select pg_notify('${ENDED}', id::text) from ended`,
};

const pool = openPool(CONCURRENCY + 4);

/** The result's JSON text. Throws what the script threw, or that it took too long or too much. */
async function evaluate(source, input) {
  const isolate = new ivm.Isolate({ memoryLimit: MEMORY_MB });
  try {
    // Only what runs the script is worth a thread: handing over costs more than these two take.
    const context = isolate.createContextSync();
    const script = isolate.compileScriptSync(source, { filename: 'script.js' });
    await script.run(context, { timeout: TIMEOUT_MS });
    return await context.evalClosure('return JSON.stringify(process(JSON.parse($0)))', [input], {
      timeout: TIMEOUT_MS,
      result: { copy: true },
    });
  } finally {
    if (!isolate.isDisposed) isolate.dispose(); // too much memory disposes of it
  }
}

async function outcome(source, input) {
  try {
    return ['succeeded', await evaluate(source, input), null];
  } catch (error) {
    return ['failed', null, String(error?.stack ?? error)];
  }
}

async function execute({ id }) {
  const { rows } = await pool.query({ ...LOAD, values: [id] });
  const [execution] = rows;
  if (execution.status !== 'pending') return;
  const startedAt = new Date();
  const ended = await outcome(execution.source, execution.input);
  await pool.query({ ...FINISH, values: [id, ...ended, startedAt, new Date()] });
}

const runner = await run({
  pgPool: pool,
  taskList: { run: execute },
  concurrency: CONCURRENCY,
  noHandleSignals: true,
  preset: {
    worker: {
      concurrentJobs: CONCURRENCY,
      // Jobs are fetched and marked as done together, which graphile-worker recommends for throughput.
      localQueue: { size: Number(process.env.LOCAL_QUEUE ?? 2 * CONCURRENCY) },
      completeJobBatchDelay: Number(process.env.COMPLETE_DELAY ?? 0),
    },
  },
});

process.on('SIGTERM', async () => {
  await runner.stop();
  process.exit(0);
});
await runner.promise;
