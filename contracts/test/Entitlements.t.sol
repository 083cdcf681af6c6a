// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Entitlements} from "../src/Entitlements.sol";
import {IEntitlements} from "../src/interfaces/IEntitlements.sol";
import {EntitlementFixture} from "./EntitlementFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Keeps a tenth of what is sent.
contract TaxedToken is ERC20 {
    constructor() ERC20("Taxed", "TAX") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 tax = from == address(0) || to == address(0) ? 0 : amount / 10;
        if (tax != 0) super._update(from, address(0xDEAD), tax);
        super._update(from, to, amount - tax);
    }
}

/// @dev Calls its holder while it is paid with, as an ERC-777 would.
contract CallingToken is ERC20 {
    constructor() ERC20("Calling", "CALL") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (from.code.length != 0) Thief(from).paying();
        return super.transferFrom(from, to, amount);
    }
}

/// @dev Sends its access away, or tries a second purchase, while it pays for more.
contract Thief {
    Entitlements private immutable SALE;
    uint256 private immutable AGENT;
    address private immutable FRIEND;
    bool public sends;
    bool public buysAgain;

    constructor(Entitlements sale, uint256 agentId, address friend) {
        (SALE, AGENT, FRIEND) = (sale, agentId, friend);
    }

    function buy(CallingToken token, uint64 version) external {
        token.approve(address(SALE), type(uint256).max);
        SALE.buy(AGENT, version);
    }

    function act(bool sends_, bool buysAgain_) external {
        (sends, buysAgain) = (sends_, buysAgain_);
    }

    function paying() external {
        if (buysAgain) SALE.buy(AGENT, SALE.listingOf(AGENT).version);
        if (sends) SALE.safeTransferFrom(address(this), FRIEND, AGENT, 1, "");
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC1155Received.selector;
    }
}

contract EntitlementsTest is EntitlementFixture {
    function _requireAccess(address account, uint64 expiresAt) private view {
        assertEq(sale.expiryOf(account, agentId), expiresAt);
        assertEq(sale.balanceOf(account, agentId), expiresAt == 0 ? 0 : 1);
        assertTrue(sale.hasAccess(account, agentId) == (block.timestamp < expiresAt));
    }

    function _release(address holder) private {
        sale.release(agentId, holder);
    }

    function test_a_purchase_gives_access_for_its_time_and_holds_the_money() public {
        _fund(BUYER, 10 * DOLLAR);
        vm.expectEmit();
        emit IEntitlements.Purchased(
            agentId,
            BUYER,
            CREATOR,
            address(token),
            10 * DOLLAR,
            DOLLAR / 2,
            uint64(START) + MONTH,
            uint64(START) + WINDOW
        );
        vm.prank(BUYER);
        sale.buy(agentId, 1);
        vm.snapshotGasLastCall("buy, a first purchase");
        _requireAccess(BUYER, uint64(START) + MONTH);
        assertTrue(!sale.isFinal(BUYER, agentId));
        assertEq(sale.purchaseOf(BUYER, agentId).paid, 10 * DOLLAR);
        assertEq(sale.revenueOf(CREATOR, address(token)), 0);
        assertEq(_held(), 10 * DOLLAR);
        assertEq(sale.listingOf(agentId).supply, 1);
        assertEq(bytes(sale.uri(agentId)), "ipfs://access");
        vm.warp(START + MONTH - 1);
        assertTrue(sale.hasAccess(BUYER, agentId));
        vm.warp(START + MONTH);
        _requireAccess(BUYER, uint64(START) + MONTH);
        assertTrue(!sale.hasAccess(BUYER, agentId) && !sale.hasAccess(STRANGER, agentId));
    }

    function test_money_is_creators_and_platforms_once_the_window_has_passed() public {
        _buy(BUYER);
        vm.warp(START + WINDOW - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEntitlements.StillRefundable.selector, agentId, BUYER, START + WINDOW, START + WINDOW - 1
            )
        );
        _release(BUYER);
        vm.warp(START + WINDOW);
        vm.expectEmit();
        emit IEntitlements.Released(agentId, BUYER, CREATOR, address(token), 9_500_000, 500_000);
        vm.prank(STRANGER);
        sale.release(agentId, BUYER);
        assertTrue(sale.isFinal(BUYER, agentId));
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.NothingToRelease.selector, agentId, BUYER));
        _release(BUYER);
        vm.expectEmit();
        emit IEntitlements.RevenueWithdrawn(CREATOR, address(token), PAYOUT, 9_500_000);
        vm.prank(CREATOR);
        sale.withdrawRevenue(address(token), PAYOUT);
        vm.prank(FEES);
        sale.withdrawRevenue(address(token), FEES);
        assertEq(token.balanceOf(PAYOUT), 9_500_000);
        assertEq(token.balanceOf(FEES), 500_000);
        assertEq(_held(), 0);
        vm.expectRevert(IEntitlements.ZeroAmount.selector);
        vm.prank(CREATOR);
        sale.withdrawRevenue(address(token), PAYOUT);
        vm.expectRevert(IEntitlements.ZeroAddress.selector);
        vm.prank(CREATOR);
        sale.withdrawRevenue(address(token), address(0));
    }

    function test_a_purchase_is_returned_in_its_window_for_all_that_was_paid() public {
        _buy(BUYER);
        vm.warp(START + WINDOW - 1);
        vm.expectRevert(IEntitlements.ZeroAddress.selector);
        vm.prank(BUYER);
        sale.refund(agentId, address(0));
        vm.expectEmit();
        emit IEntitlements.Refunded(agentId, BUYER, address(token), 10 * DOLLAR, 0);
        vm.prank(BUYER);
        sale.refund(agentId, OTHER);
        assertEq(token.balanceOf(OTHER), 10 * DOLLAR);
        assertEq(_held(), 0);
        _requireAccess(BUYER, 0);
        assertEq(sale.listingOf(agentId).supply, 0);
        assertTrue(!sale.isFinal(BUYER, agentId));
        vm.expectRevert(
            abi.encodeWithSelector(
                IEntitlements.NotRefundable.selector, agentId, BUYER, 0, START + WINDOW - 1
            )
        );
        vm.prank(BUYER);
        sale.refund(agentId, OTHER);
    }

    function test_a_purchase_is_not_returned_after_its_window() public {
        _buy(BUYER);
        vm.warp(START + WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEntitlements.NotRefundable.selector, agentId, BUYER, START + WINDOW, START + WINDOW
            )
        );
        vm.prank(BUYER);
        sale.refund(agentId, BUYER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEntitlements.NotRefundable.selector, agentId, BUYER, START + WINDOW, START + WINDOW
            )
        );
        vm.prank(BUYER);
        sale.waiveRefund(agentId);
    }

    function test_an_account_returns_an_agent_once() public {
        _buy(BUYER);
        vm.prank(BUYER);
        sale.refund(agentId, BUYER);
        _buy(BUYER);
        assertTrue(sale.isFinal(BUYER, agentId));
        assertEq(sale.revenueOf(CREATOR, address(token)), 9_500_000);
        vm.expectRevert(
            abi.encodeWithSelector(IEntitlements.NotRefundable.selector, agentId, BUYER, 0, START)
        );
        vm.prank(BUYER);
        sale.refund(agentId, BUYER);
    }

    function test_buying_again_adds_time_and_makes_the_earlier_purchase_final() public {
        _buy(BUYER);
        vm.warp(START + 1 hours);
        _buy(BUYER);
        vm.snapshotGasLastCall("buy, a further purchase");
        _requireAccess(BUYER, uint64(START) + 2 * MONTH);
        assertEq(sale.revenueOf(CREATOR, address(token)), 9_500_000);
        assertEq(sale.listingOf(agentId).supply, 1);
        // What is returned is the newest purchase: access goes back to what it was before it.
        vm.expectEmit();
        emit IEntitlements.Refunded(agentId, BUYER, address(token), 10 * DOLLAR, uint64(START) + MONTH);
        vm.prank(BUYER);
        sale.refund(agentId, BUYER);
        _requireAccess(BUYER, uint64(START) + MONTH);
        vm.warp(START + 2 * MONTH);
        _buy(BUYER);
        _requireAccess(BUYER, uint64(START) + 3 * MONTH);
    }

    function test_returning_what_was_bought_after_an_expiry_leaves_nothing() public {
        _buy(BUYER);
        vm.warp(START + 2 * MONTH);
        _buy(BUYER);
        vm.prank(BUYER);
        sale.refund(agentId, BUYER);
        _requireAccess(BUYER, 0);
        assertEq(sale.listingOf(agentId).supply, 0);
    }

    function test_access_without_an_end_is_bought_once() public {
        IEntitlements.Terms memory terms = _terms();
        terms.duration = 0;
        _list(terms);
        _buy(BUYER);
        _requireAccess(BUYER, FOR_EVER);
        _fund(BUYER, 10 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.AlreadyForEver.selector, agentId, BUYER));
        vm.prank(BUYER);
        sale.buy(agentId, 2);
        vm.warp(START + 36_500 days);
        assertTrue(sale.hasAccess(BUYER, agentId));
        vm.expectRevert(
            abi.encodeWithSelector(IEntitlements.NotExpired.selector, agentId, BUYER, FOR_EVER)
        );
        sale.clearExpired(agentId, BUYER);
    }

    function test_no_more_is_sold_than_the_cap_until_expired_tokens_are_cleared() public {
        _buy(BUYER);
        _buy(OTHER);
        _buy(PROVIDER);
        _fund(STRANGER, 10 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.SoldOut.selector, agentId, 3));
        vm.prank(STRANGER);
        sale.buy(agentId, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEntitlements.NotExpired.selector, agentId, BUYER, uint64(START) + MONTH
            )
        );
        sale.clearExpired(agentId, BUYER);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.NotExpired.selector, agentId, STRANGER, 0));
        sale.clearExpired(agentId, STRANGER);
        // Who holds a token extends it though all are sold.
        _buy(OTHER);
        vm.warp(START + MONTH);
        vm.expectEmit();
        emit IEntitlements.ExpiredCleared(agentId, BUYER);
        vm.prank(STRANGER);
        sale.clearExpired(agentId, BUYER);
        _requireAccess(BUYER, 0);
        vm.prank(STRANGER);
        sale.buy(agentId, 1);
        assertEq(sale.listingOf(agentId).supply, 3);
        // The money of the cleared purchase is the creator's, though nobody released it.
        assertEq(sale.revenueOf(CREATOR, address(token)), 2 * 9_500_000);
    }

    function test_a_refundable_token_stays_with_its_buyer() public {
        _buy(BUYER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEntitlements.StillRefundable.selector, agentId, BUYER, START + WINDOW, START
            )
        );
        _send(BUYER, OTHER);
    }

    function test_a_final_token_takes_its_expiry_along() public {
        _buy(BUYER);
        vm.expectEmit();
        emit IEntitlements.Released(agentId, BUYER, CREATOR, address(token), 9_500_000, 500_000);
        vm.prank(BUYER);
        sale.waiveRefund(agentId);
        vm.expectEmit();
        emit IEntitlements.AccessMoved(agentId, BUYER, OTHER, uint64(START) + MONTH);
        _send(BUYER, OTHER);
        _requireAccess(BUYER, 0);
        _requireAccess(OTHER, uint64(START) + MONTH);
        assertTrue(sale.isFinal(OTHER, agentId));
        vm.expectRevert(
            abi.encodeWithSelector(IEntitlements.NotRefundable.selector, agentId, OTHER, 0, START)
        );
        vm.prank(OTHER);
        sale.refund(agentId, OTHER);
    }

    function test_sending_a_token_after_its_window_releases_its_money() public {
        _buy(BUYER);
        vm.warp(START + WINDOW);
        _send(BUYER, OTHER);
        assertEq(sale.revenueOf(CREATOR, address(token)), 9_500_000);
        _buy(BUYER);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.AlreadyHolds.selector, agentId, BUYER));
        _send(OTHER, BUYER);
    }

    function test_nobody_moves_what_they_do_not_hold() public {
        _buy(BUYER);
        vm.warp(START + WINDOW);
        uint64 expiresAt = uint64(START) + MONTH;
        vm.expectRevert(
            abi.encodeWithSelector(IERC1155Errors.ERC1155InsufficientBalance.selector, STRANGER, 0, 1, agentId)
        );
        _send(STRANGER, OTHER);
        vm.expectRevert(
            abi.encodeWithSelector(IERC1155Errors.ERC1155MissingApprovalForAll.selector, STRANGER, BUYER)
        );
        vm.prank(STRANGER);
        sale.safeTransferFrom(BUYER, STRANGER, agentId, 1, "");
        // Sending none moves nothing: neither to a holder nor from one.
        vm.prank(BUYER);
        sale.safeTransferFrom(BUYER, OTHER, agentId, 0, "");
        vm.prank(STRANGER);
        sale.safeTransferFrom(STRANGER, BUYER, agentId, 0, "");
        _requireAccess(BUYER, expiresAt);
        _requireAccess(OTHER, 0);
        uint256[] memory ids = new uint256[](2);
        uint256[] memory values = new uint256[](2);
        (ids[0], ids[1], values[0], values[1]) = (agentId, agentId, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.AlreadyHolds.selector, agentId, OTHER));
        vm.prank(BUYER);
        sale.safeBatchTransferFrom(BUYER, OTHER, ids, values, "");
        _requireAccess(BUYER, expiresAt);
    }

    function test_a_buyer_pays_by_the_terms_it_read() public {
        _fund(BUYER, 100 * DOLLAR);
        IEntitlements.Terms memory terms = _terms();
        terms.price = 100 * DOLLAR;
        vm.expectEmit();
        emit IEntitlements.Listed(agentId, CREATOR, 2, terms);
        _list(terms);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.ListingChanged.selector, agentId, 1, 2));
        vm.prank(BUYER);
        sale.buy(agentId, 1);
    }

    function test_an_agent_that_was_sold_is_no_longer_the_sellers_to_sell_access_for() public {
        _buy(BUYER);
        _transfer(agentId, CREATOR, OTHER);
        _fund(STRANGER, 20 * DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(IEntitlements.SellerIsNotOwner.selector, agentId, CREATOR, OTHER)
        );
        vm.prank(STRANGER);
        sale.buy(agentId, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IEntitlements.OnlyAgentOwner.selector, agentId, CREATOR, OTHER)
        );
        _list(_terms());
        // What was bought stays, and its money is the seller's who sold it.
        assertTrue(sale.hasAccess(BUYER, agentId));
        vm.warp(START + WINDOW);
        _release(BUYER);
        assertEq(sale.revenueOf(CREATOR, address(token)), 9_500_000);
        IEntitlements.Terms memory terms = _terms();
        vm.prank(OTHER);
        sale.list(agentId, terms);
        vm.prank(STRANGER);
        sale.buy(agentId, 2);
        vm.prank(STRANGER);
        sale.waiveRefund(agentId);
        assertEq(sale.revenueOf(OTHER, address(token)), 9_500_000);
    }

    function test_what_is_not_listed_is_not_sold() public {
        vm.expectRevert(
            abi.encodeWithSelector(IEntitlements.OnlyAgentOwner.selector, agentId, STRANGER, CREATOR)
        );
        vm.prank(STRANGER);
        sale.unlist(agentId);
        vm.expectEmit();
        emit IEntitlements.Unlisted(agentId, 2);
        vm.prank(CREATOR);
        sale.unlist(agentId);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.NotListed.selector, agentId));
        vm.prank(CREATOR);
        sale.unlist(agentId);
        _fund(BUYER, 10 * DOLLAR);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.NotListed.selector, agentId));
        vm.prank(BUYER);
        sale.buy(agentId, 2);
    }

    function test_terms_keep_within_their_bounds() public {
        IEntitlements.Terms memory terms = _terms();
        terms.token = address(0);
        _refuse(terms, abi.encodeWithSelector(IEntitlements.ZeroAddress.selector));
        terms = _terms();
        terms.price = 0;
        _refuse(terms, abi.encodeWithSelector(IEntitlements.ZeroPrice.selector));
        terms = _terms();
        terms.supplyCap = 0;
        _refuse(terms, abi.encodeWithSelector(IEntitlements.ZeroSupply.selector));
        terms = _terms();
        terms.duration = 36_500 days + 1;
        _refuse(
            terms,
            abi.encodeWithSelector(IEntitlements.DurationOverMaximum.selector, terms.duration, 36_500 days)
        );
        uint64[3] memory windows = [uint64(1 hours - 1), MONTH + 1, 12 hours + 1];
        for (uint256 i = 0; i < 3; ++i) {
            terms = _terms();
            terms.refundWindow = windows[i];
            if (i == 2) terms.duration = 12 hours;
            _refuse(
                terms,
                abi.encodeWithSelector(
                    IEntitlements.RefundWindowOutOfBounds.selector, windows[i], 1 hours, i == 2 ? 12 hours : MONTH
                )
            );
        }
    }

    function _refuse(IEntitlements.Terms memory terms, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(CREATOR);
        sale.list(agentId, terms);
    }

    function test_a_purchase_needs_no_approval_of_its_own_where_the_token_has_permits() public {
        address buyer = vm.addr(REQUESTER_KEY);
        token.mint(buyer, 20 * DOLLAR);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(REQUESTER_KEY, _permitDigest(buyer, 10 * DOLLAR, START));
        // Somebody who saw it in the pool submits the permit first.
        token.permit(buyer, address(sale), 10 * DOLLAR, START, v, r, s);
        vm.prank(buyer);
        sale.buyWithPermit(agentId, 1, START, v, r, s);
        (v, r, s) = vm.sign(REQUESTER_KEY, _permitDigest(buyer, 10 * DOLLAR, START));
        vm.prank(buyer);
        sale.buyWithPermit(agentId, 1, START, v, r, s);
        _requireAccess(buyer, uint64(START) + 2 * MONTH);
    }

    function _permitDigest(address owner, uint256 amount, uint256 deadline) private view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                address(sale),
                amount,
                token.nonces(owner),
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
    }

    function test_what_a_token_keeps_for_itself_is_neither_credited_nor_refunded() public {
        TaxedToken taxed = new TaxedToken();
        IEntitlements.Terms memory terms = _terms();
        terms.token = address(taxed);
        uint64 version = _list(terms);
        taxed.mint(BUYER, 10 * DOLLAR);
        vm.prank(BUYER);
        taxed.approve(address(sale), 10 * DOLLAR);
        vm.prank(BUYER);
        sale.buy(agentId, version);
        assertEq(sale.purchaseOf(BUYER, agentId).paid, 9 * DOLLAR);
        vm.prank(BUYER);
        sale.refund(agentId, BUYER);
        assertEq(taxed.balanceOf(address(sale)), 0);
        // A token that delivers nothing buys nothing.
        terms.price = 1;
        vm.etch(address(taxed), address(new EmptyToken()).code);
        version = _list(terms);
        vm.expectRevert(IEntitlements.ZeroAmount.selector);
        vm.prank(BUYER);
        sale.buy(agentId, version);
    }

    function test_access_is_not_doubled_by_sending_it_away_while_paying_for_more() public {
        (CallingToken calling, Thief thief, uint64 version) = _thief();
        thief.buy(calling, version);
        vm.warp(START + WINDOW);
        thief.act(true, false);
        thief.buy(calling, version);
        // The month that was left went away, and the month that was paid for came with a token of its own.
        _requireAccess(OTHER, uint64(START) + MONTH);
        _requireAccess(address(thief), uint64(START) + WINDOW + MONTH);
        assertEq(sale.listingOf(agentId).supply, 2);
    }

    function test_nobody_buys_while_they_buy() public {
        (CallingToken calling, Thief thief, uint64 version) = _thief();
        thief.act(false, true);
        vm.expectRevert(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        thief.buy(calling, version);
    }

    function _thief() private returns (CallingToken calling, Thief thief, uint64 version) {
        calling = new CallingToken();
        IEntitlements.Terms memory terms = _terms();
        terms.token = address(calling);
        version = _list(terms);
        thief = new Thief(sale, agentId, OTHER);
        calling.mint(address(thief), 100 * DOLLAR);
    }

    function test_a_pause_stops_buying_and_nothing_that_pays_out() public {
        _buy(BUYER);
        _buy(OTHER);
        vm.prank(GOVERNOR);
        sale.pause();
        _fund(STRANGER, 10 * DOLLAR);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        vm.prank(STRANGER);
        sale.buy(agentId, 1);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        vm.prank(STRANGER);
        sale.buyWithPermit(agentId, 1, 0, 0, 0, 0);
        vm.prank(BUYER);
        sale.refund(agentId, BUYER);
        vm.warp(START + WINDOW);
        _release(OTHER);
        vm.prank(CREATOR);
        sale.withdrawRevenue(address(token), CREATOR);
        _send(OTHER, PROVIDER);
        vm.warp(START + MONTH);
        sale.clearExpired(agentId, PROVIDER);
    }

    function test_governance_sets_fee_recipient_and_window_within_the_codes_caps_and_nobody_else_does() public {
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER);
        vm.expectRevert(refusal);
        vm.prank(STRANGER);
        sale.setFee(0);
        vm.expectRevert(refusal);
        vm.prank(STRANGER);
        sale.setFeeRecipient(STRANGER);
        vm.expectRevert(refusal);
        vm.prank(STRANGER);
        sale.setMinimumRefundWindow(0);
        vm.prank(GOVERNOR);
        sale.setFee(1_000);
        vm.prank(GOVERNOR);
        sale.setFeeRecipient(FAULTS);
        vm.prank(GOVERNOR);
        sale.setMinimumRefundWindow(MONTH);
        (uint16 fee, address recipient, uint64 window) = sale.parameters();
        assertTrue(fee == 1_000 && recipient == FAULTS && window == MONTH);
        vm.expectRevert(abi.encodeWithSelector(IEntitlements.FeeOverMaximum.selector, 1_001, 1_000));
        vm.prank(GOVERNOR);
        sale.setFee(1_001);
        vm.expectRevert(IEntitlements.ZeroAddress.selector);
        vm.prank(GOVERNOR);
        sale.setFeeRecipient(address(0));
        vm.expectRevert(
            abi.encodeWithSelector(IEntitlements.RefundWindowOutOfBounds.selector, MONTH + 1, 0, MONTH)
        );
        vm.prank(GOVERNOR);
        sale.setMinimumRefundWindow(MONTH + 1);
    }

    function test_a_fee_that_changes_does_not_reach_what_was_bought() public {
        _buy(BUYER);
        vm.prank(GOVERNOR);
        sale.setFee(1_000);
        vm.prank(BUYER);
        sale.waiveRefund(agentId);
        assertEq(sale.revenueOf(FEES, address(token)), 500_000);
        _buy(OTHER);
        vm.prank(OTHER);
        sale.waiveRefund(agentId);
        assertEq(sale.revenueOf(FEES, address(token)), 1_500_000);
    }

    function test_a_sale_needs_a_registry_of_agents() public {
        address authority = sale.authority();
        vm.expectRevert(IEntitlements.ZeroAddress.selector);
        new Entitlements(authority, address(0), 0, FEES, 0);
    }

    function test_access_is_an_erc_1155() public view {
        assertTrue(sale.supportsInterface(type(IERC1155).interfaceId));
    }

    /// @dev Creator and platform get what was paid to the unit, and never more than the code's cap goes to the platform.
    function testFuzz_a_price_is_split_to_the_unit(uint128 price, uint16 fee) public {
        vm.assume(price != 0);
        fee = fee % 1_001;
        vm.prank(GOVERNOR);
        sale.setFee(fee);
        IEntitlements.Terms memory terms = _terms();
        terms.price = price;
        _list(terms);
        _buy(BUYER);
        vm.prank(BUYER);
        sale.waiveRefund(agentId);
        uint256 platform = sale.revenueOf(FEES, address(token));
        assertEq(sale.revenueOf(CREATOR, address(token)) + platform, price);
        assertTrue(platform <= uint256(price) / 10);
    }

    /// @dev However purchases follow each other, access is the sum of what was bought, less what ran out unused.
    function testFuzz_expiries_add_up(uint32[6] calldata waits) public {
        uint256 expected;
        uint256 nowAt = START;
        for (uint256 i = 0; i < 6; ++i) {
            nowAt += waits[i] % (2 * MONTH);
            vm.warp(nowAt);
            _buy(BUYER);
            expected = (expected > nowAt ? expected : nowAt) + MONTH;
            assertEq(sale.expiryOf(BUYER, agentId), expected);
        }
    }
}

/// @dev Says yes and moves nothing.
contract EmptyToken {
    function balanceOf(address) external pure returns (uint256) {
        return 0;
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        return true;
    }
}
