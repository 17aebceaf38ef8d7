-- oldest code: 1
-- When an execution's dataset, result and logs were removed. Their rows are gone then.
-- Code of levels 1 to 4 removes nothing, and shows what newer code has removed as an execution without logs; it has no
-- answer to who asks for the removed result or dataset but 500 and 404.

alter table executions add column content_removed_at timestamptz;
alter table executions add constraint only_the_ended_lose_their_content check (
    content_removed_at is null or (finished_at is not null and content_removed_at >= finished_at)
);
