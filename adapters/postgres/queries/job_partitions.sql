-- The data key of the job comes with what is encrypted. It is planned with the parameters' values.
select p.*, j.master_key_id, j.wrapped
from (
    select *
    from job_partitions
    where
        job_id = %(job_id)s and number >= %(first)s
        and (%(state)s::text is null or state = %(state)s)
    order by number
    limit %(limit)s
) p
left join jobs j on j.id = p.job_id and p.error_is_encrypted
order by p.number
