// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Escrow} from "../src/Escrow.sol";
import {TestDollar} from "../src/TestDollar.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IEscrowFunding} from "../src/interfaces/IEscrowFunding.sol";
import {IEscrowParameters} from "../src/interfaces/IEscrowParameters.sol";
import {RuledStakesHarness} from "./harness/RuledStakesHarness.sol";
import {vm} from "./Vm.sol";

/// @title An escrow between one requester and one provider, with a court that is an address of the test's
abstract contract EscrowFixture {
    uint256 internal constant DOLLAR = 1e6;
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant AMOUNT = 1_020 * DOLLAR;
    uint16 internal constant FEE_BPS = 200;
    uint16 internal constant DAMAGES_BPS = 1_000;
    uint64 internal constant WINDOW = 2 days;
    bytes32 internal constant RESULT = keccak256("result");
    bytes32 internal constant TASK = keccak256("task");

    address internal constant REQUESTER = address(0xB0B);
    address internal constant PROVIDER = address(0x9801);
    address internal constant NODE = address(0x40DE);
    address internal constant COURT = address(0xC0047);
    address internal constant FEES = address(0xFEE);
    address internal constant STRANGER = address(0x5798);

    AccessManager internal manager;
    TestDollar internal token;
    RuledStakesHarness internal stakes;
    Escrow internal escrow;

    error Unequal(uint256 actual, uint256 expected);
    error Untrue();

    function setUp() public virtual {
        vm.warp(START);
        token = new TestDollar();
        manager = new AccessManager(address(this));
        stakes = new RuledStakesHarness();
        escrow = _newEscrow();
        stakes.setRuler(address(escrow));
        _allow(REQUESTER, AMOUNT * 10, address(escrow));
    }

    function _newEscrow() internal virtual returns (Escrow) {
        return new Escrow(address(manager), _parameters());
    }

    function _parameters() internal view returns (IEscrowParameters.Parameters memory) {
        return IEscrowParameters.Parameters({
            court: COURT,
            stakes: address(stakes),
            feeRecipient: FEES,
            feeBps: FEE_BPS,
            damagesBps: DAMAGES_BPS,
            minApprovalWindow: 1 hours
        });
    }

    function _allow(address owner, uint256 amount, address spender) internal {
        token.mint(owner, amount);
        vm.prank(owner);
        token.approve(spender, type(uint256).max);
    }

    function _terms() internal view returns (IEscrowFunding.Terms memory) {
        return IEscrowFunding.Terms({
            requester: REQUESTER,
            provider: PROVIDER,
            node: NODE,
            token: address(token),
            amount: AMOUNT,
            taskHash: TASK,
            deliverBy: uint64(START + 5 days),
            approvalWindow: WINDOW,
            verifier: address(0),
            condition: ""
        });
    }

    function _fund(IEscrowFunding.Terms memory terms) internal returns (uint256) {
        vm.prank(REQUESTER);
        return escrow.fund(terms);
    }

    function _funded() internal returns (uint256) {
        return _fund(_terms());
    }

    function _deliver(uint256 escrowId) internal {
        vm.prank(PROVIDER);
        escrow.deliver(escrowId, RESULT);
    }

    function _delivered() internal returns (uint256 escrowId) {
        escrowId = _funded();
        _deliver(escrowId);
    }

    function _held() internal returns (uint256 escrowId) {
        escrowId = _delivered();
        vm.prank(COURT);
        escrow.hold(escrowId, REQUESTER);
    }

    function _balance(address owner) internal view returns (uint256) {
        return escrow.balanceOf(owner, address(token));
    }

    function _requireBalances(uint256 provider, uint256 requester, uint256 fees) internal view {
        assertEq(_balance(PROVIDER), provider);
        assertEq(_balance(REQUESTER), requester);
        assertEq(_balance(FEES), fees);
    }

    function _stateOf(uint256 escrowId) internal view returns (IEscrow.State) {
        (, IEscrow.Record memory record) = escrow.escrowOf(escrowId);
        return record.state;
    }

    function _requireState(uint256 escrowId, IEscrow.State state) internal view {
        assertEq(uint256(_stateOf(escrowId)), uint256(state));
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        if (actual != expected) revert Unequal(actual, expected);
    }

    function assertTrue(bool condition) internal pure {
        if (!condition) revert Untrue();
    }

    function _bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
