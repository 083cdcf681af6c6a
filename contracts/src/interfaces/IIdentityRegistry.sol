// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title Agents as ERC-721 tokens, by ERC-8004
/// @notice An agent is a token with the URI of its registration file, metadata, and a wallet that agreed to be its
/// wallet. Whoever holds the token, or is approved for it, speaks for the agent. Anyone registers; there is no owner.
interface IIdentityRegistry is IERC721 {
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);
    /// @notice From now on no approval makes `account` an operator of any agent. Not of ERC-8004.
    event OperatorshipRefused(address indexed account);

    /// @notice The key is the registry's own: only `setAgentWallet` and `unsetAgentWallet` change what it stands for.
    error ReservedKey(string metadataKey);
    error ZeroWallet();
    error DeadlinePassed(uint256 deadline, uint256 nowAt);
    error DeadlineTooFar(uint256 deadline, uint256 latest);
    error WalletDidNotSign(address newWallet);

    /// @notice Registers an agent of the caller's, whose wallet is the caller too.
    function register() external returns (uint256 agentId);

    /// @notice The same, with the URI of its registration file.
    function register(string calldata agentURI) external returns (uint256 agentId);

    /// @notice The same, with metadata.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId);

    /// @notice Changes the URI; for the agent's owner and operators, like every setter here.
    function setAgentURI(uint256 agentId, string calldata newURI) external;

    /// @notice What is set under a key, empty when nothing is; under `agentWallet` the wallet's 20 bytes.
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory);

    /// @notice Sets what stands under a key, which is any but `agentWallet`.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external;

    /// @notice Makes `newWallet` the agent's wallet, by its own signature (a key's, or a contract's by ERC-1271) of
    /// `AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)`.
    /// @param deadline The second until which the signature counts; at most five minutes ahead.
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external;

    /// @notice The agent's wallet; zero after a transfer of the agent, until one is set again.
    function getAgentWallet(uint256 agentId) external view returns (address);

    /// @notice Leaves the agent without a wallet.
    function unsetAgentWallet(uint256 agentId) external;

    /// @notice Refuses for good to be anybody's operator: approvals of the caller have no effect. ERC-8004 forbids an
    /// agent's operators to give it feedback, so without this an owner silences a client by approving it.
    function refuseOperatorship() external;

    /// @notice Whether `account` has refused.
    function refusesOperatorship(address account) external view returns (bool);
}
