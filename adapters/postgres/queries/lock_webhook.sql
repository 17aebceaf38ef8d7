-- Excludes other changes of the webhook, and the processes that take it, but no event for it.
select * from webhooks where id = %(id)s for no key update
