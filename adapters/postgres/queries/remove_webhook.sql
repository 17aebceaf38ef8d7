-- Its deliveries cannot be read any more, and are removed later (`forget_orphans.sql`): they may be many.
delete from webhooks where id = %(id)s returning id
