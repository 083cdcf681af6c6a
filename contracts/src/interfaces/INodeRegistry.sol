// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Nodes and their providers
/// @notice unregistered → registered → unregistered, as often as the node's key consents. What stands here says who
/// runs a node and whether it means to work; it moves no money, and no stake asks for it.
interface INodeRegistry {
    struct Node {
        address provider;
        /// @dev Executions it offers to run at once.
        uint32 slots;
        /// @dev Second of its last heartbeat.
        uint64 heartbeatAt;
        /// @dev In maintenance before this second.
        uint64 maintenanceUntil;
    }

    event NodeRegistered(address indexed node, address indexed provider, uint32 slots);
    event NodeDeregistered(address indexed node, address indexed provider);
    event SlotsChanged(address indexed node, uint32 slots);
    event HeartbeatReceived(address indexed node);
    event MaintenanceDeclared(address indexed node, uint64 until);

    error AlreadyRegistered(address node, address provider);
    error NotRegistered(address node);
    error OnlyProvider(address caller, address provider);
    error OnlyNodeOrProvider(address caller, address node, address provider);
    error ConsentExpired(uint64 expiresAt, uint256 nowAt);
    error NoSlots(address node);

    /// @notice Registers a node as the caller's, with the node's own signature of `NodeConsent` under the vault's
    /// domain: nobody registers another's key. The registration is its first heartbeat. Not while paused.
    function register(address node, uint32 slots, uint64 expiresAt, bytes calldata consent) external;

    /// @notice Ends a registration, for the provider or the node itself. Stakes stay where they are.
    function deregister(address node) external;

    /// @notice Changes how many executions the caller's node offers to run at once.
    function changeSlots(address node, uint32 slots) external;

    /// @notice Says that the node is alive; for the node itself or its provider.
    function heartbeat(address node) external;

    /// @notice Declares the caller's node in maintenance until a second; the highest one until further notice, 0 ends it.
    function declareMaintenance(address node, uint64 until) external;

    /// @notice The node as registered; its provider is zero when it is not.
    function nodeOf(address node) external view returns (Node memory);

    /// @notice How often the node's key was registered: what its next consent must carry as nonce.
    function consentNonce(address node) external view returns (uint256);

    /// @notice Whether the node is registered, has its provider's stake in `token` of at least the minimum, is not in
    /// maintenance, and its heartbeat is fresh. What waits to be unstaked counts no more.
    function isActive(address node, address token) external view returns (bool);
}
