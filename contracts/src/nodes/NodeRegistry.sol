// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";
import {Signers} from "../libraries/Signers.sol";
import {TypedData} from "../libraries/TypedData.sol";
import {Stakes} from "./Stakes.sol";
import {VaultMessages} from "./VaultMessages.sol";

/// @title Who runs which node, and whether it is alive
abstract contract NodeRegistry is INodeRegistry, Stakes, VaultMessages {
    /// @dev All a heartbeat reads and writes stands in the record's first slot.
    mapping(address node => Node) private _nodes;
    mapping(address node => uint256) private _consents;

    /// @inheritdoc INodeRegistry
    function register(address node, uint32 slots, uint64 expiresAt, bytes calldata consent) external whenNotPaused {
        if (_nodes[node].provider != address(0)) revert AlreadyRegistered(node, _nodes[node].provider);
        if (slots == 0) revert NoSlots(node);
        if (block.timestamp > expiresAt) revert ConsentExpired(expiresAt, block.timestamp);
        // Each consent serves once: a node that left its provider stays away.
        uint256 given = _consents[node];
        _consents[node] = given + 1;
        bytes32 digest = _digest(TypedData.hashNodeConsent(node, msg.sender, given, expiresAt));
        Signers.requireSigner(ISettlements.Signed.NodeConsent, node, digest, consent);
        _nodes[node] = Node({
            provider: msg.sender,
            slots: slots,
            heartbeatAt: uint64(block.timestamp),
            maintenanceUntil: 0
        });
        emit NodeRegistered(node, msg.sender, slots);
    }

    /// @inheritdoc INodeRegistry
    function deregister(address node) external {
        address provider = _providerOf(node);
        if (msg.sender != provider && msg.sender != node) revert OnlyNodeOrProvider(msg.sender, node, provider);
        delete _nodes[node];
        emit NodeDeregistered(node, provider);
    }

    /// @inheritdoc INodeRegistry
    function changeSlots(address node, uint32 slots) external {
        _requireProvider(node);
        if (slots == 0) revert NoSlots(node);
        _nodes[node].slots = slots;
        emit SlotsChanged(node, slots);
    }

    /// @inheritdoc INodeRegistry
    function heartbeat(address node) external {
        address provider = _providerOf(node);
        if (msg.sender != node && msg.sender != provider) revert OnlyNodeOrProvider(msg.sender, node, provider);
        _nodes[node].heartbeatAt = uint64(block.timestamp);
        emit HeartbeatReceived(node);
    }

    /// @inheritdoc INodeRegistry
    function declareMaintenance(address node, uint64 until) external {
        _requireProvider(node);
        _nodes[node].maintenanceUntil = until;
        emit MaintenanceDeclared(node, until);
    }

    /// @inheritdoc INodeRegistry
    function nodeOf(address node) external view returns (Node memory) {
        return _nodes[node];
    }

    /// @inheritdoc INodeRegistry
    function consentNonce(address node) external view returns (uint256) {
        return _consents[node];
    }

    /// @inheritdoc INodeRegistry
    function isActive(address node, address token) external view returns (bool) {
        Node memory record = _nodes[node];
        if (record.provider == address(0) || block.timestamp < record.maintenanceUntil) return false;
        if (block.timestamp > uint256(record.heartbeatAt) + heartbeatWindow()) return false;
        (uint256 staked,,) = stakeOf(record.provider, node, token);
        return staked != 0 && staked >= minimumStake(token);
    }

    function _providerOf(address node) internal view returns (address provider) {
        provider = _nodes[node].provider;
        if (provider == address(0)) revert NotRegistered(node);
    }

    function _requireProvider(address node) private view {
        address provider = _providerOf(node);
        if (msg.sender != provider) revert OnlyProvider(msg.sender, provider);
    }
}
