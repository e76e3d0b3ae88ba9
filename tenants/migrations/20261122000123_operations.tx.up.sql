-- Tasks that were given up are counted with every scrape of the metrics.
CREATE INDEX outbox_dead ON outbox (id) WHERE dead;
