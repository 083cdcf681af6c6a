// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {INodeRegistry} from "../src/interfaces/INodeRegistry.sol";
import {ISettlements} from "../src/interfaces/ISettlements.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

contract NodeRegistryTest is MarketFixture {
    uint64 private constant EXPIRES_AT = uint64(START + 1 days);

    function _consent(uint256 key, address provider, uint256 nonce) private view returns (bytes memory) {
        return _signWith(
            key,
            _digest(keccak256(abi.encode(TypedData.NODE_CONSENT_TYPEHASH, NODE, provider, nonce, EXPIRES_AT)))
        );
    }

    function _register() private {
        bytes memory consent = _consent(NODE_KEY, PROVIDER, nodes.consentNonce(NODE));
        vm.prank(PROVIDER);
        nodes.register(NODE, 4, EXPIRES_AT, consent);
    }

    function _expectActive(bool expected) private view {
        assertTrue(nodes.isActive(NODE, address(token)) == expected);
    }

    function test_provider_registers_a_node_that_consents() public {
        assertTrue(nodes.vault() == address(vault));
        bytes memory consent = _consent(NODE_KEY, PROVIDER, 0);
        vm.expectEmit();
        emit INodeRegistry.NodeRegistered(NODE, PROVIDER, 4);
        vm.prank(PROVIDER);
        nodes.register(NODE, 4, EXPIRES_AT, consent);
        vm.snapshotGasLastCall("register");
        INodeRegistry.Node memory node = nodes.nodeOf(NODE);
        assertTrue(node.provider == PROVIDER);
        assertEq(node.slots, 4);
        assertEq(node.heartbeatAt, START);
        assertEq(node.maintenanceUntil, 0);
        assertEq(nodes.consentNonce(NODE), 1);
    }

    function test_nobody_registers_anothers_key() public {
        bytes memory forged = _consent(STRANGER_KEY, STRANGER, 0);
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.NodeConsent, NODE, vm.addr(STRANGER_KEY)
            )
        );
        nodes.register(NODE, 4, EXPIRES_AT, forged);
        // The node's consent to another provider is no consent to this one.
        bytes memory others = _consent(NODE_KEY, PROVIDER, 0);
        vm.prank(STRANGER);
        vm.expectPartialRevert(ISettlements.WrongSigner.selector);
        nodes.register(NODE, 4, EXPIRES_AT, others);
    }

    function test_unreadable_consent_does_not_pass_for_the_zero_address() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISettlements.WrongSigner.selector, ISettlements.Signed.NodeConsent, address(0), address(0)
            )
        );
        nodes.register(address(0), 4, EXPIRES_AT, new bytes(65));
    }

    function test_node_has_one_provider_at_a_time() public {
        _register();
        bytes memory consent = _consent(NODE_KEY, STRANGER, 1);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.AlreadyRegistered.selector, NODE, PROVIDER));
        nodes.register(NODE, 4, EXPIRES_AT, consent);
    }

    function test_node_that_left_is_not_fetched_back_with_its_old_consent() public {
        bytes memory old = _consent(NODE_KEY, PROVIDER, 0);
        _register();
        vm.expectEmit();
        emit INodeRegistry.NodeDeregistered(NODE, PROVIDER);
        vm.prank(NODE);
        nodes.deregister(NODE);
        vm.prank(PROVIDER);
        vm.expectPartialRevert(ISettlements.WrongSigner.selector);
        nodes.register(NODE, 4, EXPIRES_AT, old);
        _register();
        assertEq(nodes.consentNonce(NODE), 2);
    }

    function test_consent_expires() public {
        bytes memory consent = _consent(NODE_KEY, PROVIDER, 0);
        vm.warp(uint256(EXPIRES_AT) + 1);
        vm.prank(PROVIDER);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.ConsentExpired.selector, EXPIRES_AT, uint256(EXPIRES_AT) + 1)
        );
        nodes.register(NODE, 4, EXPIRES_AT, consent);
    }

    function test_node_has_at_least_one_slot() public {
        bytes memory consent = _consent(NODE_KEY, PROVIDER, 0);
        vm.prank(PROVIDER);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NoSlots.selector, NODE));
        nodes.register(NODE, 0, EXPIRES_AT, consent);
        _register();
        vm.prank(PROVIDER);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NoSlots.selector, NODE));
        nodes.changeSlots(NODE, 0);
        vm.expectEmit();
        emit INodeRegistry.SlotsChanged(NODE, 7);
        vm.prank(PROVIDER);
        nodes.changeSlots(NODE, 7);
        assertEq(nodes.nodeOf(NODE).slots, 7);
    }

    function test_only_a_nodes_provider_speaks_for_it() public {
        vm.prank(PROVIDER);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NotRegistered.selector, NODE));
        nodes.changeSlots(NODE, 1);
        _register();
        // The node's own key may say that it lives or leaves, and no more.
        address[2] memory others = [STRANGER, NODE];
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(INodeRegistry.OnlyProvider.selector, others[i], PROVIDER));
            nodes.changeSlots(NODE, 1);
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(INodeRegistry.OnlyProvider.selector, others[i], PROVIDER));
            nodes.declareMaintenance(NODE, type(uint64).max);
        }
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.OnlyNodeOrProvider.selector, STRANGER, NODE, PROVIDER)
        );
        nodes.heartbeat(NODE);
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(INodeRegistry.OnlyNodeOrProvider.selector, STRANGER, NODE, PROVIDER)
        );
        nodes.deregister(NODE);
    }

    function test_deregistering_leaves_the_stake_where_it_can_be_slashed() public {
        _stake(PROVIDER, 50 * DOLLAR);
        _register();
        vm.prank(PROVIDER);
        nodes.deregister(NODE);
        vm.expectRevert(abi.encodeWithSelector(INodeRegistry.NotRegistered.selector, NODE));
        nodes.deregister(NODE);
        vm.prank(OPERATOR);
        nodes.slash(_slashEvidence(_accepted(1)), PROVIDER, 10 * DOLLAR, 0);
        (uint256 staked,,) = nodes.stakeOf(PROVIDER, NODE, address(token));
        assertEq(staked, 40 * DOLLAR);
    }

    function test_heartbeat_keeps_a_staked_node_active() public {
        _register();
        _expectActive(false);
        _stake(PROVIDER, 50 * DOLLAR);
        _expectActive(true);
        vm.warp(START + 1 hours);
        _expectActive(true);
        vm.warp(START + 1 hours + 1);
        _expectActive(false);
        vm.expectEmit();
        emit INodeRegistry.HeartbeatReceived(NODE);
        vm.prank(NODE);
        nodes.heartbeat(NODE);
        vm.snapshotGasLastCall("heartbeat");
        _expectActive(true);
        assertEq(nodes.nodeOf(NODE).slots, 4);
        vm.warp(START + 2 hours + 2);
        vm.prank(PROVIDER);
        nodes.heartbeat(NODE);
        _expectActive(true);
        vm.prank(PROVIDER);
        nodes.deregister(NODE);
        _expectActive(false);
    }

    function test_node_in_maintenance_is_not_active() public {
        _register();
        _stake(PROVIDER, 50 * DOLLAR);
        vm.expectEmit();
        emit INodeRegistry.MaintenanceDeclared(NODE, uint64(START + 10 minutes));
        vm.prank(PROVIDER);
        nodes.declareMaintenance(NODE, uint64(START + 10 minutes));
        _expectActive(false);
        vm.warp(START + 10 minutes);
        _expectActive(true);
        vm.prank(PROVIDER);
        nodes.declareMaintenance(NODE, type(uint64).max);
        _expectActive(false);
        vm.prank(PROVIDER);
        nodes.declareMaintenance(NODE, 0);
        _expectActive(true);
    }

    function test_what_waits_to_be_unstaked_counts_no_more() public {
        _register();
        _stake(PROVIDER, 50 * DOLLAR);
        vm.prank(GOVERNOR);
        nodes.setMinimumStake(address(token), 40 * DOLLAR);
        _expectActive(true);
        vm.prank(PROVIDER);
        nodes.requestUnstake(NODE, address(token), 10 * DOLLAR + 1);
        _expectActive(false);
    }

    function test_stake_of_another_provider_does_not_make_a_node_active() public {
        _register();
        _stake(STRANGER, 50 * DOLLAR);
        _expectActive(false);
    }

    function test_pause_stops_registration_and_nothing_a_registered_node_does() public {
        bytes memory consent = _consent(NODE_KEY, PROVIDER, 0);
        vm.prank(GOVERNOR);
        nodes.pause();
        vm.prank(PROVIDER);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        nodes.register(NODE, 4, EXPIRES_AT, consent);
        vm.prank(GOVERNOR);
        nodes.unpause();
        _register();
        vm.prank(GOVERNOR);
        nodes.pause();
        vm.prank(NODE);
        nodes.heartbeat(NODE);
        vm.prank(PROVIDER);
        nodes.declareMaintenance(NODE, 1);
        vm.prank(PROVIDER);
        nodes.changeSlots(NODE, 2);
        vm.prank(PROVIDER);
        nodes.deregister(NODE);
    }
}
