// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOrders} from "../src/interfaces/IOrders.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

contract SessionsTest is MarketFixture {
    function _bySession(uint256 nonce) private view returns (ISettlements.Settlement memory item) {
        item = _unsigned(nonce);
        item.session.wallet = REQUESTER;
        item.session.key = SESSION;
        item.session.token = address(token);
        item.session.maxPerOrder = 100 * DOLLAR;
        item.session.maxTotal = 110 * DOLLAR;
        item.session.expiresAt = uint64(START + 1 hours);
        item.session.nonce = 7;
    }

    function test_session_key_orders_and_accepts_within_its_limits() public {
        ISettlements.Settlement memory item = _sign(_bySession(1));
        vault.settleOne(item);
        vm.snapshotGasLastCall("settleOne, accepted by session key");
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
        assertEq(vault.sessionSpent(_sessionHash(item.session)), 51 * DOLLAR);
    }

    function test_wallet_accepts_what_its_session_key_ordered() public {
        ISettlements.Settlement memory item = _sign(_bySession(1));
        item.acceptanceSignature = _signWith(REQUESTER_KEY, _acceptanceHash(item));
        vault.settleOne(item);
    }

    function test_total_limit_holds_over_all_orders_of_the_key() public {
        vault.settleOne(_sign(_bySession(1)));
        vault.settleOne(_sign(_bySession(2)));
        vm.expectRevert(
            abi.encodeWithSelector(
                IOrders.SessionTotalLimit.selector, 102 * DOLLAR, 51 * DOLLAR, 110 * DOLLAR
            )
        );
        vault.settleOne(_sign(_bySession(3)));
    }

    function test_total_limit_counts_claims_and_forgets_refunded_ones() public {
        ISettlements.Settlement memory item = _sign(_bySession(1));
        vault.claimOne(item);
        bytes32 session = _sessionHash(item.session);
        assertEq(vault.sessionSpent(session), 51 * DOLLAR);
        vm.prank(REQUESTER);
        vault.challenge(_orderHash(item.order));
        vm.prank(ARBITER);
        vault.rule(_orderHash(item.order), false);
        assertEq(vault.sessionSpent(session), 0);
    }

    function test_order_limit_is_on_the_maximum_price() public {
        ISettlements.Settlement memory item = _bySession(1);
        item.session.maxPerOrder = 100 * DOLLAR - 1;
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.SessionOrderLimit.selector, 100 * DOLLAR, 100 * DOLLAR - 1)
        );
        vault.settleOne(_sign(item));
    }

    function test_order_that_may_settle_after_the_keys_expiry_is_refused() public {
        ISettlements.Settlement memory item = _bySession(1);
        item.session.expiresAt = item.order.settleBy - 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IOrders.SessionExpiresFirst.selector, item.session.expiresAt, item.order.settleBy
            )
        );
        vault.settleOne(_sign(item));
    }

    function test_session_for_another_token_or_of_another_wallet_is_refused() public {
        ISettlements.Settlement memory item = _bySession(1);
        item.session.token = STRANGER;
        vm.expectRevert(IOrders.SessionMismatch.selector);
        vault.settleOne(_sign(item));
        item = _bySession(1);
        item.session.wallet = STRANGER;
        vm.expectRevert(IOrders.SessionMismatch.selector);
        vault.settleOne(_sign(item));
    }

    function test_session_key_cannot_authorise_itself_or_raise_its_limits() public {
        ISettlements.Settlement memory item = _sign(_bySession(1));
        bytes32 digest = _sessionHash(item.session);
        item.sessionSignature = _signWith(SESSION_KEY, digest);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.SessionKey, REQUESTER, SESSION
            )
        );
        vault.settleOne(item);
        item = _sign(_bySession(1));
        item.session.maxTotal = type(uint256).max;
        vm.expectRevert();
        vault.settleOne(item);
    }

    function test_key_without_a_session_orders_nothing() public {
        ISettlements.Settlement memory item = _unsigned(1);
        _sign(item);
        item.orderSignature = _signWith(SESSION_KEY, _orderHash(item.order));
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.Order, REQUESTER, SESSION
            )
        );
        vault.settleOne(item);
    }

    function test_revoked_key_orders_nothing_once_the_delay_has_passed() public {
        vm.prank(STRANGER);
        vault.revokeSession(7);
        assertEq(vault.sessionRevokedFrom(REQUESTER, 7), 0);
        vm.prank(REQUESTER);
        vault.revokeSession(7);
        vm.warp(START + 20 minutes);
        vm.prank(REQUESTER);
        vault.revokeSession(7);
        assertEq(vault.sessionRevokedFrom(REQUESTER, 7), START + WITHDRAW_DELAY);
        vault.settleOne(_sign(_bySession(1)));
        ISettlements.Settlement memory item = _bySession(2);
        item.order.settleBy = uint64(START + 1 days);
        item.session.expiresAt = uint64(START + 1 days);
        vm.warp(START + WITHDRAW_DELAY);
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.SessionIsRevoked.selector, REQUESTER, 7, START + WITHDRAW_DELAY)
        );
        vault.settleOne(_sign(item));
    }
}
