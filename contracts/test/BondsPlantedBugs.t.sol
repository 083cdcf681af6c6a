// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OperatorBonds} from "../src/OperatorBonds.sol";
import {IVault} from "../src/interfaces/IVault.sol";
import {BondActor, BondRules} from "./BondsInvariant.t.sol";
import {vm} from "./Vm.sol";

/// @dev Takes nothing from anybody's bond for what it pays.
contract GenerousBonds is OperatorBonds {
    constructor(address authority, address vault_) OperatorBonds(authority, vault_) {}

    function _take(address, address, uint256) internal pure override {}
}

/// @dev Forgets that a claim on the order gives back what it locks.
contract ForgetfulBonds is OperatorBonds {
    constructor(address authority, address vault_) OperatorBonds(authority, vault_) {}

    function _shortfall(Due memory due) internal view override returns (uint256) {
        uint256 balance = IVault(VAULT).balanceOf(due.requester, due.token);
        return balance < due.charge ? due.charge - balance : 0;
    }
}

/// @dev Pays whom it likes, and asks no vault.
contract HastyBonds is OperatorBonds {
    constructor(address authority, address vault_) OperatorBonds(authority, vault_) {}

    function payOut(address payout, address token, uint256 amount) external {
        _take(EVERY_NODE, token, amount);
        IERC20(token).approve(VAULT, amount);
        IVault(VAULT).depositFor(payout, token, amount);
    }
}

/// @dev Plays on faulty bonds that stand where the real ones stood.
contract PlantingBondActor is BondActor {
    function plantGenerous() external {
        _plant(new GenerousBonds(address(authority), address(vault)));
    }

    function plantForgetful() external {
        _plant(new ForgetfulBonds(address(authority), address(vault)));
    }

    function plantHasty() external {
        _plant(new HastyBonds(address(authority), address(vault)));
        HastyBonds(address(bonds)).payOut(PAYOUT, address(token), 1);
    }

    function _plant(OperatorBonds faulty) private {
        vm.etch(address(bonds), address(faulty).code);
    }
}

/// @dev Each rule of the invariant suite sees the fault it is there for, and holds without it.
contract BondsPlantedBugsTest is BondRules {
    uint256 private constant CHARGE = 51e6;

    PlantingBondActor private planting;

    function setUp() public {
        planting = new PlantingBondActor();
        planting.setUp();
        actor = planting;
        for (uint256 i = 0; i < 3; ++i) planting.post(false, 60e6 - 1);
    }

    function test_a_cover_nobodys_bond_pays_for_is_seen() public {
        planting.cover(0, true);
        this.requireSolvent();
        planting.plantGenerous();
        planting.cover(1, true);
        vm.expectPartialRevert(Insolvent.selector);
        this.requireSolvent();
    }

    function test_a_top_up_the_requester_keeps_is_seen() public {
        planting.deposit(CHARGE - 1);
        planting.claim(0);
        planting.cover(0, true);
        this.requireRequesterGainsNothing();
        planting.plantForgetful();
        planting.cover(0, true);
        vm.expectPartialRevert(RequesterKept.selector);
        this.requireRequesterGainsNothing();
    }

    function test_a_posted_claim_is_covered_within_the_rules() public {
        planting.post(0);
        planting.passTime(1 hours - 1);
        planting.coverPosted(0);
        if (planting.paidOrders() != 1) revert PaidForNothing(0, planting.earned());
        this.requireSolvent();
        this.requireRequesterGainsNothing();
        this.requireEachOrderPaidOnce();
    }

    function test_a_payment_the_vault_knows_nothing_of_is_seen() public {
        planting.cover(0, true);
        this.requireEachOrderPaidOnce();
        planting.plantHasty();
        this.requireSolvent();
        vm.expectPartialRevert(PaidForNothing.selector);
        this.requireEachOrderPaidOnce();
    }
}
