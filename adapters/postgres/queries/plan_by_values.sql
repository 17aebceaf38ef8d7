-- The planner's own settings, for this transaction, except that a page costs the same wherever it lies: a list reads few,
-- most of them cached. Otherwise the order of the primary key on disk makes up for thousands of rows that it passes over.
select
    set_config('plan_cache_mode', 'force_custom_plan', true),
    set_config('random_page_cost', '1', true),
    set_config('enable_seqscan', 'on', true),
    set_config('enable_bitmapscan', 'on', true),
    set_config('enable_hashjoin', 'on', true),
    set_config('enable_mergejoin', 'on', true),
    set_config('enable_sort', 'on', true),
    set_config('enable_incremental_sort', 'on', true)
