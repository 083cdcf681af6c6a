-- A wallet is whose key signs, on whichever chain: Ethereum's hold the market's money, the others sign in.
alter table wallets add column kind text not null default 'ethereum';
alter table wallets alter column kind drop default;
alter table wallets add constraint wallets_kind check (kind in ('ethereum', 'solana', 'substrate'));
-- The same address under two chains was one wallet all along.
delete from wallets as later using wallets as earlier
 where later.address = earlier.address and (later.created_at, later.id) > (earlier.created_at, earlier.id);
alter table wallets drop constraint wallets_address_chain_id_key;
alter table wallets drop column chain_id;
alter table wallets add constraint wallets_kind_address_key unique (kind, address);
delete from credentials where provider_id = 'siwe';
