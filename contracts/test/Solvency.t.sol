// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAcceptedSettlements} from "../src/interfaces/IAcceptedSettlements.sol";
import {IClaims} from "../src/interfaces/IClaims.sol";
import {IPostedClaims} from "../src/interfaces/IPostedClaims.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {ClaimBatchFixture} from "./ClaimBatchFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Does whatever market participants may do, in any order, as far as the vault lets it.
contract MarketActor is ClaimBatchFixture {
    uint256 public constant ORDERS = 3;

    uint256 public clock = START;

    mapping(uint256 order => bytes32) private _roots;

    /// @dev Open to the fuzzer like every function, so a second call must change nothing.
    function setUp() public override {
        if (address(vault) == address(0)) super.setUp();
    }

    function deposit(uint256 amount) external {
        _deposit(REQUESTER, _bound(amount, 1, 50 * DOLLAR));
    }

    function requestWithdrawal(uint256 who, uint256 amount) external {
        address owner = _owner(who);
        uint256 balance = _balance(owner);
        if (balance == 0) return;
        vm.prank(owner);
        vault.requestWithdrawal(address(token), _bound(amount, 1, balance));
    }

    function cancelWithdrawal(uint256 who) external {
        vm.prank(_owner(who));
        try vault.cancelWithdrawal(address(token)) {} catch {}
    }

    function completeWithdrawal(uint256 who) external {
        try vault.completeWithdrawal(_owner(who), address(token)) {} catch {}
    }

    function stake(uint256 amount) external {
        _stake(PROVIDER, _bound(amount, 1, 20 * DOLLAR));
    }

    function requestUnstake(uint256 amount) external {
        (uint256 active,,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        if (active == 0) return;
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), _bound(amount, 1, active));
    }

    function completeUnstake() external {
        try nodes.completeUnstake(PROVIDER, NODE, address(token)) {} catch {}
    }

    function settle(uint256 order, bool accepted) public virtual {
        ISettlements.Settlement[] memory items = new ISettlements.Settlement[](1);
        items[0] = _item(order);
        if (!accepted) items[0].acceptanceSignature = "";
        vault.settle(items);
    }

    function settleAccepted(uint256 order) public virtual {
        _settle(_short(_item(order)));
    }

    function claim(uint256 order) external {
        try vault.claimOne(_item(order)) {} catch {}
    }

    /// @dev Two orders, so that a batch has leaves of other states.
    function post(uint256 order) public {
        TypedData.ClaimedOrder[] memory items = new TypedData.ClaimedOrder[](2);
        for (uint256 i = 0; i < 2; ++i) items[i] = _claimItem(_item(order % ORDERS + i));
        vm.prank(OPERATOR);
        try batches.post(address(vault), address(token), items) returns (
            bytes32 root, IAcceptedSettlements.Refusal[] memory refusals
        ) {
            // Only a whole batch is kept: what is late makes another tree.
            if (refusals[0] == IAcceptedSettlements.Refusal.None) _roots[order % ORDERS] = root;
        } catch {}
    }

    function settlePosted(uint256 order) public virtual {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _batch(order);
        try batches.settle(root, address(vault), address(token), claims, new bytes32[](0), _allOf(2)) {} catch {}
    }

    function challengePosted(uint256 order, uint256 index) external {
        (bytes32 root, IPostedClaims.PostedClaim[] memory claims) = _batch(order);
        bytes32[] memory proof = _proofOf(claims, index % 2);
        vm.prank(REQUESTER);
        try batches.challenge(root, address(vault), address(token), claims[index % 2], proof) {} catch {}
    }

    function challenge(uint256 order) external {
        bytes32 orderHash = _hashOf(order);
        vm.prank(REQUESTER);
        try vault.challenge(orderHash) {} catch {}
    }

    function rule(uint256 order, bool pay) external {
        bytes32 orderHash = _hashOf(order);
        vm.prank(ARBITER);
        try vault.rule(orderHash, pay) {} catch {}
    }

    function lapse(uint256 order) external {
        try vault.lapse(_hashOf(order)) {} catch {}
    }

    function slash(uint256 order, uint256 damages, uint256 toRequester) external {
        damages = _bound(damages, 0, 10 * DOLLAR);
        ISettlements.Settlement memory item = _item(order);
        vm.prank(OPERATOR);
        try nodes.slash(_slashEvidence(item), PROVIDER, damages, _bound(toRequester, 0, damages)) {} catch {}
    }

    function passTime(uint256 seconds_) external {
        clock += _bound(seconds_, 1, WITHDRAW_DELAY);
        vm.warp(clock);
    }

    /// @dev All the vault owes to anybody.
    function owed() external view returns (uint256 sum) {
        for (uint256 who = 0; who < 5; ++who) {
            (uint256 pending,) = vault.pendingWithdrawal(_owner(who), address(token));
            sum += _balance(_owner(who)) + pending;
        }
        for (uint256 order = 0; order < ORDERS; ++order) {
            IClaims.Claim memory record = vault.claimOf(_hashOf(order));
            sum += record.charge + record.bond;
        }
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(vault));
    }

    function _owner(uint256 who) private view returns (address) {
        return [REQUESTER, PAYOUT, CREATOR, FEES, FAULTS][who % 5];
    }

    function _hashOf(uint256 order) internal view returns (bytes32) {
        return _orderHash(_longLived(order).order);
    }

    function _item(uint256 order) private view returns (ISettlements.Settlement memory) {
        return _sign(_longLived(order));
    }

    function _batch(uint256 order) private view returns (bytes32 root, IPostedClaims.PostedClaim[] memory claims) {
        root = _roots[order % ORDERS];
        claims = new IPostedClaims.PostedClaim[](2);
        for (uint256 i = 0; i < 2; ++i) claims[i] = _leafOf(_short(_item(order % ORDERS + i)));
    }

    function _longLived(uint256 order) internal view returns (ISettlements.Settlement memory item) {
        item = _unsigned(order % ORDERS);
        item.order.settleBy = uint64(START + 30 days);
    }
}

contract SolvencyTest {
    MarketActor private actor;

    error Insolvent(uint256 owed, uint256 held);

    function setUp() public {
        actor = new MarketActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_vault_holds_exactly_what_it_owes() public view {
        (uint256 owed, uint256 held) = (actor.owed(), actor.held());
        if (owed != held) revert Insolvent(owed, held);
    }
}
