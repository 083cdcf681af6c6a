// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Emission} from "../src/governance/Emission.sol";
import {Governed} from "../src/governance/Governed.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {StoaToken} from "../src/StoaToken.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

/// @dev The vault, the token and its emission under roles as a deployment leaves them: nobody but the timelock is admin.
contract GovernanceTest is MarketFixture {
    uint64 private constant ADMIN = 0;
    uint64 private constant GUARDIAN_ROLE = 1;
    uint64 private constant PARAMETERS_ROLE = 2;
    uint64 private constant MINTER_ROLE = 5;
    uint256 private constant DELAY = 2 days;
    address private constant GOVERNOR = address(0x60);
    address private constant GUARDIAN = address(0x64);

    TimelockController private timelock;
    StoaToken private stoa;
    Emission private emission;

    function setUp() public override {
        super.setUp();
        address[] memory proposers = new address[](1);
        proposers[0] = GOVERNOR;
        timelock = new TimelockController(DELAY, proposers, new address[](1), address(0));
        stoa = new StoaToken(address(authority), address(this));
        emission = new Emission(address(authority), stoa, address(this));
        _guard(address(vault), Governed.pause.selector, GUARDIAN_ROLE);
        _guard(address(vault), Governed.unpause.selector, PARAMETERS_ROLE);
        _guard(address(stoa), StoaToken.mint.selector, MINTER_ROLE);
        _guard(address(emission), Emission.setReceiver.selector, PARAMETERS_ROLE);
        authority.grantRole(GUARDIAN_ROLE, GUARDIAN, 0);
        authority.grantRole(PARAMETERS_ROLE, address(timelock), 0);
        authority.grantRole(MINTER_ROLE, address(emission), 0);
        authority.grantRole(ADMIN, address(timelock), 0);
        authority.renounceRole(ADMIN, address(this));
    }

    function test_no_restricted_function_answers_a_stranger_the_deployer_or_the_governor_itself() public {
        address[3] memory callers = [STRANGER, address(this), GOVERNOR];
        for (uint256 i = 0; i < callers.length; ++i) {
            _refused(address(vault), callers[i], abi.encodeCall(Governed.pause, ()));
            _refused(address(vault), callers[i], abi.encodeCall(Governed.unpause, ()));
            _refused(address(vault), callers[i], abi.encodeCall(IAccessManaged.setAuthority, (callers[i])));
            _refused(address(stoa), callers[i], abi.encodeCall(StoaToken.mint, (callers[i], 1)));
            _refused(address(stoa), callers[i], abi.encodeCall(IAccessManaged.setAuthority, (callers[i])));
            _refused(address(emission), callers[i], abi.encodeCall(Emission.setReceiver, (callers[i])));
            _refused(address(emission), callers[i], abi.encodeCall(IAccessManaged.setAuthority, (callers[i])));
        }
    }

    function test_nobody_but_the_timelock_changes_roles() public {
        address[4] memory callers = [STRANGER, address(this), GOVERNOR, GUARDIAN];
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes memory refused = abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedAccount.selector, callers[i], ADMIN
            );
            vm.expectRevert(refused);
            vm.prank(callers[i]);
            authority.grantRole(ADMIN, callers[i], 0);
            vm.expectRevert(refused);
            vm.prank(callers[i]);
            authority.setTargetFunctionRole(address(vault), new bytes4[](1), type(uint64).max);
            vm.expectRevert(refused);
            vm.prank(callers[i]);
            authority.updateAuthority(address(vault), callers[i]);
        }
    }

    function test_governance_acts_after_its_delay_and_not_a_second_earlier() public {
        bytes memory call = abi.encodeCall(Emission.setReceiver, (CREATOR));
        vm.prank(GOVERNOR);
        timelock.schedule(address(emission), 0, call, 0, 0, DELAY);
        bytes32 id = timelock.hashOperation(address(emission), 0, call, 0, 0);
        vm.warp(START + DELAY - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockUnexpectedOperationState.selector,
                id,
                bytes32(1 << uint8(TimelockController.OperationState.Ready))
            )
        );
        timelock.execute(address(emission), 0, call, 0, 0);
        vm.warp(START + DELAY);
        vm.prank(STRANGER);
        timelock.execute(address(emission), 0, call, 0, 0);
        assertTrue(emission.receiver() == CREATOR);
    }

    function test_governance_cannot_hurry_itself() public {
        bytes memory call = abi.encodeCall(TimelockController.updateDelay, (0));
        vm.expectRevert(
            abi.encodeWithSelector(TimelockController.TimelockInsufficientDelay.selector, DELAY - 1, DELAY)
        );
        vm.prank(GOVERNOR);
        timelock.schedule(address(timelock), 0, call, 0, 0, DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, GOVERNOR));
        vm.prank(GOVERNOR);
        timelock.updateDelay(0);
    }

    function test_a_stranger_proposes_nothing() public {
        vm.expectRevert();
        vm.prank(STRANGER);
        timelock.schedule(address(vault), 0, abi.encodeCall(Governed.pause, ()), 0, 0, DELAY);
    }

    function test_the_guardian_pauses_at_once_and_only_governance_unpauses() public {
        vm.prank(GUARDIAN);
        vault.pause();
        assertTrue(vault.paused());
        _refused(address(vault), GUARDIAN, abi.encodeCall(Governed.unpause, ()));
        _refused(address(emission), GUARDIAN, abi.encodeCall(Emission.setReceiver, (GUARDIAN)));
        _refused(address(stoa), GUARDIAN, abi.encodeCall(StoaToken.mint, (GUARDIAN, 1)));
        bytes memory call = abi.encodeCall(Governed.unpause, ());
        vm.prank(GOVERNOR);
        timelock.schedule(address(vault), 0, call, 0, 0, DELAY);
        vm.warp(START + DELAY);
        timelock.execute(address(vault), 0, call, 0, 0);
        assertTrue(!vault.paused());
        _deposit(REQUESTER, DOLLAR);
    }

    function test_a_pause_stops_every_deposit() public {
        _pause();
        bytes4 paused = Pausable.EnforcedPause.selector;
        vm.expectRevert(paused);
        vault.deposit(address(token), 1);
        vm.expectRevert(paused);
        vault.depositFor(REQUESTER, address(token), 1);
        vm.expectRevert(paused);
        vault.depositWithAuthorization(REQUESTER, address(token), 1, 0, 0, 0, 0, 0, 0);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
    }

    function test_a_pause_stops_no_withdrawal() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 300 * DOLLAR);
        _pause();
        vm.warp(START + WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(token));
        assertEq(token.balanceOf(REQUESTER), 300 * DOLLAR);
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 100 * DOLLAR);
        vm.prank(REQUESTER);
        vault.cancelWithdrawal(address(token));
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 700 * DOLLAR);
        vm.warp(START + 2 * WITHDRAW_DELAY);
        vault.completeWithdrawal(REQUESTER, address(token));
        assertEq(token.balanceOf(REQUESTER), 1_000 * DOLLAR);
    }

    function test_a_pause_stops_no_settlement() public {
        _pause();
        ISettlements.Settlement[] memory items = new ISettlements.Settlement[](1);
        items[0] = _accepted(1);
        vault.settle(items);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        vm.prank(REQUESTER);
        vault.cancelOrder(2);
    }

    function test_a_pause_stops_no_claim_and_no_refund() public {
        _pause();
        ISettlements.Settlement memory item = _delivered(1);
        vault.claimOne(item);
        bytes32 orderHash = _orderHash(item.order);
        vm.prank(REQUESTER);
        vault.challenge(orderHash);
        vm.prank(ARBITER);
        vault.rule(orderHash, false);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
        item = _delivered(2);
        vault.claimOne(item);
        vm.warp(START + CHALLENGE_WINDOW);
        vault.settleOne(item);
        assertEq(_balance(PAYOUT), 45 * DOLLAR);
        item = _delivered(3);
        item.order.settleBy = uint64(START + 1 days);
        item = _sign(item);
        item.acceptanceSignature = "";
        vault.claimOne(item);
        vm.prank(REQUESTER);
        vault.challenge(_orderHash(item.order));
        vm.warp(START + CHALLENGE_WINDOW + 31 days);
        vault.lapse(_orderHash(item.order));
        assertEq(_balance(REQUESTER), 949 * DOLLAR);
    }

    function _pause() private {
        vm.prank(GUARDIAN);
        vault.pause();
    }

    function _guard(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        authority.setTargetFunctionRole(target, selectors, role);
    }

    function _refused(address target, address caller, bytes memory call) private {
        vm.prank(caller);
        (bool done, bytes memory reason) = target.call(call);
        bytes memory expected = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        assertTrue(!done && keccak256(reason) == keccak256(expected));
    }
}
