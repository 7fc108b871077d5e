-- lines that would show money of the upper level for refunds: ledger entries and bank lines
select row_id from stg_gl_entry
union all
select row_id from stg_bank_txn
