select master_key_id, count(*) as keys from execution_keys group by master_key_id
