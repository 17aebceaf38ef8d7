-- A migration may take its time, but waits for no lock for longer than is said, and has the settings that it relies on.
select
    set_config('lock_timeout', %(lock_timeout)s, true),
    set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('standard_conforming_strings', 'on', true),
    set_config('DateStyle', 'ISO', true),
    set_config('IntervalStyle', 'postgres', true),
    set_config('TimeZone', 'UTC', true),
    set_config('bytea_output', 'hex', true),
    set_config('client_min_messages', 'warning', true),
    set_config('check_function_bodies', 'on', true)
