// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {INodeParameters} from "../src/interfaces/INodeParameters.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

contract NodeParametersTest is MarketFixture {
    function testFuzz_minimum_stake_stays_within_its_cap(uint256 minimum) public {
        uint256 cap = 1_000_000 * DOLLAR;
        vm.prank(GOVERNOR);
        if (minimum > cap) {
            vm.expectRevert(abi.encodeWithSelector(INodeParameters.MinimumOverCap.selector, minimum, cap));
            nodes.setMinimumStake(address(token), minimum);
            minimum = 0;
        } else {
            vm.expectEmit();
            emit INodeParameters.MinimumStakeSet(address(token), minimum);
            nodes.setMinimumStake(address(token), minimum);
        }
        assertEq(nodes.minimumStake(address(token)), minimum);
    }

    function testFuzz_heartbeat_window_stays_within_its_bounds(uint64 window) public {
        uint64 expected = 1 hours;
        vm.prank(GOVERNOR);
        if (window < 1 minutes || window > 30 days) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    INodeParameters.WindowOutOfBounds.selector, window, uint64(1 minutes), uint64(30 days)
                )
            );
        } else {
            vm.expectEmit();
            emit INodeParameters.HeartbeatWindowSet(window);
            expected = window;
        }
        nodes.setHeartbeatWindow(window);
        assertEq(nodes.heartbeatWindow(), expected);
    }

    function test_heartbeat_window_reaches_its_bounds_and_no_further() public {
        uint64[4] memory windows = [uint64(1 minutes - 1), 1 minutes, 30 days, 30 days + 1];
        for (uint256 i = 0; i < 4; ++i) {
            testFuzz_heartbeat_window_stays_within_its_bounds(windows[i]);
            if (i == 1 || i == 2) assertEq(nodes.heartbeatWindow(), windows[i]);
            vm.prank(GOVERNOR);
            nodes.setHeartbeatWindow(1 hours);
        }
    }

    function test_conflict_shares_stay_within_their_caps() public {
        vm.prank(GOVERNOR);
        vm.expectRevert(abi.encodeWithSelector(INodeParameters.ShareOverCap.selector, 5_001, 5_000));
        nodes.setConflictShares(5_001, 0);
        vm.prank(GOVERNOR);
        vm.expectRevert(abi.encodeWithSelector(INodeParameters.ShareOverCap.selector, 2_001, 2_000));
        nodes.setConflictShares(0, 2_001);
        vm.expectEmit();
        emit INodeParameters.ConflictSharesSet(5_000, 2_000);
        vm.prank(GOVERNOR);
        nodes.setConflictShares(5_000, 2_000);
        (uint16 stakeBps, uint16 reporterBps) = nodes.conflictShares();
        assertEq(stakeBps, 5_000);
        assertEq(reporterBps, 2_000);
    }

    function test_only_the_role_changes_parameters_pauses_rewards_and_rules() public {
        bytes[7] memory calls = [
            abi.encodeCall(nodes.setMinimumStake, (address(token), 1)),
            abi.encodeCall(nodes.setHeartbeatWindow, (1 hours)),
            abi.encodeCall(nodes.setConflictShares, (1, 1)),
            abi.encodeCall(nodes.pause, ()),
            abi.encodeCall(nodes.unpause, ()),
            abi.encodeCall(nodes.reward, (NODE, address(token), 1)),
            abi.encodeCall(nodes.slashByRuling, (PROVIDER, NODE, address(token), 1, STRANGER))
        ];
        // Not even the vault's operator: its word reaches a stake by the bonds that nodes signed, and no further.
        address[2] memory callers = [STRANGER, OPERATOR];
        for (uint256 who = 0; who < 2; ++who) {
            for (uint256 i = 0; i < calls.length; ++i) {
                vm.prank(callers[who]);
                (bool done, bytes memory reason) = address(nodes).call(calls[i]);
                assertTrue(!done);
                assertTrue(
                    keccak256(reason)
                        == keccak256(
                            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[who])
                        )
                );
            }
        }
    }
}
