// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OperatorBonds} from "../src/OperatorBonds.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {IVault} from "../src/interfaces/IVault.sol";
import {BondActor, BondRules} from "./BondsInvariant.t.sol";
import {vm} from "./Vm.sol";

/// @dev Takes nothing from anybody's bond for what it pays.
contract GenerousBonds is OperatorBonds {
    constructor(address authority, address vault_) OperatorBonds(authority, vault_) {}

    function _take(address, address, uint256 amount) internal pure override returns (uint256) {
        return amount;
    }
}

/// @dev Forgets that a claim on the order gives back what it locks.
contract ForgetfulBonds is OperatorBonds {
    constructor(address authority, address vault_) OperatorBonds(authority, vault_) {}

    function _shortfall(ISettlements.Settlement calldata item, bytes32) internal view override returns (uint256) {
        uint256 balance = IVault(VAULT).balanceOf(item.order.requester, item.order.token);
        return balance < item.charge ? item.charge - balance : 0;
    }
}

/// @dev Does not ask the vault whether it has paid.
contract HastyBonds is OperatorBonds {
    constructor(address authority, address vault_) OperatorBonds(authority, vault_) {}

    function _vaultDecided(BondClaim storage) internal pure override returns (bool) {
        return false;
    }
}

/// @dev Lets a claim in the vault stand that it topped the requester up for.
contract TrustingBonds is OperatorBonds {
    constructor(address authority, address vault_) OperatorBonds(authority, vault_) {}

    function _requireClaimable(ISettlements.Settlement calldata item, uint256 short) internal override {
        _topUp(item.order.requester, item.order.token, short);
        IVault(VAULT).claimOne(item);
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

    function plantTrusting() external {
        _plant(new TrustingBonds(address(authority), address(vault)));
    }

    function plantHasty() external {
        _plant(new HastyBonds(address(authority), address(vault)));
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

    function test_a_refund_of_what_the_bond_topped_up_is_seen() public {
        planting.claimBond(0);
        planting.ruleInVault(0, false);
        this.requireRequesterGainsNothing();
        planting.plantTrusting();
        planting.deposit(20e6 - 1);
        planting.claimBond(1);
        planting.challenge(1);
        planting.deposit(20e6 - 1);
        planting.challenge(1);
        planting.ruleInVault(1, false);
        vm.expectPartialRevert(RequesterGained.selector);
        this.requireRequesterGainsNothing();
    }

    function test_an_order_that_vault_and_bond_both_pay_is_seen() public {
        planting.claimBond(0);
        planting.deposit(CHARGE - 1);
        planting.settle(0, true);
        for (uint256 i = 0; i < 4; ++i) planting.passTime(8 hours - 1);
        planting.pay(0);
        this.requireEachOrderPaidOnce();
        planting.plantHasty();
        planting.pay(0);
        vm.expectPartialRevert(PaidForNothing.selector);
        this.requireEachOrderPaidOnce();
    }
}
