-- The name of the assistant. Null: the user's own message, or one from before anybody wrote it down.
alter table messages add column answered_by varchar(32);
