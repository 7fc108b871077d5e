"""Makes the county in memory: people, stories, the year, the books.

Not here: files (see `layout`, `files`) and words about them (see `report`).
"""

from __future__ import annotations

from sample_data.make.asset_stories import add_asset_stories
from sample_data.make.assets import add_assets
from sample_data.make.county import County
from sample_data.make.fees import FeePlan, run_fee_year
from sample_data.make.fuel_stories import add_fuel
from sample_data.make.handing_on import after_remittance, plan_handing_on
from sample_data.make.ledger_stories import add_ledger_stories, add_old_balances
from sample_data.make.ledgers import close_books, open_books
from sample_data.make.organisation import add_organisation
from sample_data.make.organisation_stories import add_organisation_stories, stage_unions
from sample_data.make.parties import add_employers, write_registers
from sample_data.make.people import make_members, write_members
from sample_data.make.preparation import plan_preparation, return_funds, write_openings
from sample_data.make.refunds import plan_refunds, refund_small_payers
from sample_data.make.remittance import plan_remittance
from sample_data.make.training import make_classes, write_classes
from sample_data.make.training_stories import stage_training


def build_county() -> County:
    """Return the whole county: every table's rows and everything that was planted."""
    county, plan = County(), FeePlan()
    open_books(county)
    add_employers(county)
    plan_remittance(county, plan)
    plan_handing_on(county, plan)
    plan_preparation(county, plan)
    plan_refunds(county, plan)
    members = make_members(county)
    classes = make_classes(county, members)
    stage_training(county, members, classes)
    stage_unions(county, members)
    write_members(county, members)
    write_registers(county)
    write_openings(county)
    run_fee_year(county, plan)
    after_remittance(county)
    return_funds(county)
    refund_small_payers(county)
    write_classes(county, classes)
    add_fuel(county)
    add_assets(county)
    add_asset_stories(county)
    add_organisation(county)
    add_organisation_stories(county)
    add_ledger_stories(county)
    close_books(county)
    add_old_balances(county)
    return county
