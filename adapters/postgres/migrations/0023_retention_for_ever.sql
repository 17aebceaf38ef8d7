-- oldest code: 1
-- Retention of a script for ever, as distinct from a number of days. Such a part keeps the most days, 36,500, beside its mark,
-- so code of lower levels neither removes such data nor fails to read the script: it takes the part for a hundred years. That
-- code cannot replace a part that is for ever by days; rows that have 36,500 days already stay as they are.

alter table scripts add column retain_content_forever boolean not null default false;
alter table scripts add column retain_rows_forever boolean not null default false;
alter table scripts add constraint content_for_ever_has_the_most_days check (
    not retain_content_forever or retain_content_days is not distinct from 36500
);
alter table scripts add constraint rows_for_ever_have_the_most_days check (
    not retain_rows_forever or retain_rows_days is not distinct from 36500
);
