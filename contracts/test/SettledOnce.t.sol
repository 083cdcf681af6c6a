// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {MarketActor} from "./Solvency.t.sol";
import {vm} from "./Vm.sol";

/// @dev Counts how often each order paid its provider: the vault's books would balance if it paid twice.
contract CountingActor is MarketActor {
    mapping(uint256 order => uint256) private _payments;

    error PaidTwice(uint256 order, uint256 payments);

    function settle(uint256 order, bool accepted) public override {
        uint256 before = _balance(PAYOUT);
        super.settle(order, accepted);
        if (_balance(PAYOUT) != before) ++_payments[order % ORDERS];
    }

    function settleAccepted(uint256 order) public override {
        uint256 before = _balance(PAYOUT);
        super.settleAccepted(order);
        if (_balance(PAYOUT) != before) ++_payments[order % ORDERS];
    }

    /// @dev A batch is of an order and the next: what of them was paid is told by their nonces, and how often by the money.
    function settlePosted(uint256 order) public override {
        bool[2] memory before = [_isSpent(order), _isSpent(order % ORDERS + 1)];
        uint256 balance = _balance(PAYOUT);
        super.settlePosted(order);
        uint256 paid = (_balance(PAYOUT) - balance) / (45 * DOLLAR);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 which = (order % ORDERS + i) % ORDERS;
            if (!before[i] && _isSpent(which) && paid != 0) (_payments[which], paid) = (_payments[which] + 1, paid - 1);
        }
        // What was paid for orders that were paid before.
        if (paid != 0) _payments[order % ORDERS] += paid;
    }

    function _isSpent(uint256 order) private view returns (bool) {
        return vault.isSpent(REQUESTER, _longLived(order).order.nonce);
    }

    function checkPaidOnce() external view {
        for (uint256 order = 0; order < ORDERS; ++order) {
            if (_payments[order] > 1) revert PaidTwice(order, _payments[order]);
        }
    }

    function payments(uint256 order) external view returns (uint256) {
        return _payments[order % ORDERS];
    }
}

/// @dev The same over a vault that can be made to forget an order.
contract ForgettingActor is CountingActor {
    uint256 private constant SLOTS = 32;

    /// @dev Erases whatever the vault keeps of an order by its hash, and by its requester's nonce.
    function forget(uint256 order) external {
        ISettlements.Settlement memory item = _longLived(order);
        bytes32 nonce = bytes32(item.order.nonce);
        bytes32 word = bytes32(item.order.nonce >> 7);
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            _erase(keccak256(abi.encode(_hashOf(order), slot)));
            _erase(keccak256(abi.encode(nonce, keccak256(abi.encode(REQUESTER, slot)))));
            _erase(keccak256(abi.encode(word, keccak256(abi.encode(REQUESTER, slot)))));
        }
    }

    function _erase(bytes32 place) private {
        if (vm.load(address(vault), place) != 0) vm.store(address(vault), place, 0);
    }
}

contract SettledOnceTest {
    CountingActor private actor;

    function setUp() public {
        actor = new CountingActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_no_order_is_paid_twice() public view {
        actor.checkPaidOnce();
    }

    function test_an_order_settled_again_pays_nothing() public {
        actor.settle(0, true);
        actor.settle(0, true);
        if (actor.payments(0) != 1) revert CountingActor.PaidTwice(0, actor.payments(0));
        actor.checkPaidOnce();
    }

    function test_an_order_settled_the_short_way_is_paid_no_other_way() public {
        actor.settleAccepted(0);
        actor.settleAccepted(0);
        actor.settle(0, true);
        if (actor.payments(0) != 1) revert CountingActor.PaidTwice(0, actor.payments(0));
    }

    function test_an_order_paid_by_a_batch_is_paid_no_other_way() public {
        actor.post(0);
        actor.passTime(1 hours - 1);
        actor.settlePosted(0);
        actor.settlePosted(0);
        actor.settle(0, true);
        actor.settleAccepted(1);
        if (actor.payments(0) != 1) revert CountingActor.PaidTwice(0, actor.payments(0));
        if (actor.payments(1) != 1) revert CountingActor.PaidTwice(1, actor.payments(1));
    }

    function test_the_invariant_sees_a_batch_that_pays_what_it_paid() public {
        ForgettingActor forgetting = new ForgettingActor();
        forgetting.setUp();
        forgetting.post(0);
        forgetting.passTime(1 hours - 1);
        forgetting.settlePosted(0);
        forgetting.checkPaidOnce();
        forgetting.forget(0);
        forgetting.settlePosted(0);
        vm.expectRevert(abi.encodeWithSelector(CountingActor.PaidTwice.selector, 0, 2));
        forgetting.checkPaidOnce();
    }

    function test_the_invariant_sees_a_vault_that_forgets_what_it_paid() public {
        ForgettingActor forgetting = new ForgettingActor();
        forgetting.setUp();
        forgetting.settle(0, true);
        forgetting.forget(0);
        forgetting.settle(0, true);
        vm.expectRevert(abi.encodeWithSelector(CountingActor.PaidTwice.selector, 0, 2));
        forgetting.checkPaidOnce();
    }
}
