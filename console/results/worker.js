// Holds results, away from the page's thread: fetches and reads them, and answers what is asked about them.
//
// A question is `{id, ask, ...}`; its answer `{id, answer}`, or `{id, refused}` with the service's refusal, or
// `{id, fault}`. While a result comes, `{id, progress}` says how many bytes have come. No answer is larger than what
// is shown of it, save an export, which is a Blob and is not copied.

import { ANSWERS } from "./answers.js";
import { NotRead } from "./reading.js";

addEventListener("message", async ({ data: { id, ask, ...given } }) => {
  const tell = (progress) => postMessage({ id, progress });
  try {
    postMessage({ id, answer: await ANSWERS[ask](given, tell) });
  } catch (error) {
    postMessage(
      error instanceof NotRead ? { id, refused: error.reason } : { id, fault: `${error.name}: ${error.message}` },
    );
  }
});
