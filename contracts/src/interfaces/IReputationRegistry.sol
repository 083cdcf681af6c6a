// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Feedback on agents, by ERC-8004
/// @notice Anyone but an agent's owner and operators says what they think of it. What it is worth depends on whom one
/// listens to, so a summary names its clients.
interface IReputationRegistry {
    event NewFeedback(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        int128 value,
        uint8 valueDecimals,
        string indexed indexedTag1,
        string tag1,
        string tag2,
        string endpoint,
        string feedbackURI,
        bytes32 feedbackHash
    );
    event FeedbackRevoked(uint256 indexed agentId, address indexed clientAddress, uint64 indexed feedbackIndex);
    event ResponseAppended(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        address indexed responder,
        string responseURI,
        bytes32 responseHash
    );

    /// @notice The registry of agents was set by the constructor, for good.
    error AlreadyInitialized(address identityRegistry);
    error ZeroRegistry();
    error SelfFeedback(uint256 agentId, address client);
    error DecimalsOverMaximum(uint8 valueDecimals, uint8 maximum);
    error ValueOverMaximum(int128 value, int128 maximum);
    error NoSuchFeedback(uint256 agentId, address client, uint64 feedbackIndex, uint64 lastIndex);
    error AlreadyRevoked(uint256 agentId, address client, uint64 feedbackIndex);
    error EmptyResponseURI();
    error NoClients();
    /// @notice Read fewer clients at once, or one piece of feedback after the other.
    error TooMuchToRead(uint256 atLeast, uint256 maximum);

    /// @notice Always reverts: kept because the reference has it.
    function initialize(address identityRegistry) external;

    function getIdentityRegistry() external view returns (address);

    /// @notice Records the caller's feedback of `value` / 10^`valueDecimals`.
    /// @param valueDecimals At most 18.
    /// @param value Between -10^38 and 10^38.
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external;

    /// @notice Takes the caller's own feedback back; it stays readable as revoked.
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external;

    /// @notice Answers somebody's feedback; anyone may, the agent as well as who knows better.
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external;

    /// @notice How many pieces of feedback the named clients gave and did not revoke, and their mean, cut towards zero
    /// to the decimals that most of them have (the fewest, where as many have others). An empty tag stands for any.
    /// A client named twice counts twice. The cost grows with the clients named, not with what they said.
    function getSummary(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2
    ) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals);

    function readFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex)
        external
        view
        returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked);

    /// @notice All feedback of the named clients, of all clients when none is named; reverts with `TooMuchToRead`
    /// where they gave more than MAX_READ pieces.
    function readAllFeedback(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        );

    /// @notice How many responses there are: to one piece of feedback; with index 0 to all of a client's; with client 0
    /// to all of the agent's. Of the named responders, or of anyone when none is named.
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count);

    /// @notice All who ever gave the agent feedback. Anyone can make this list long: see `clientsBetween`.
    function getClients(uint256 agentId) external view returns (address[] memory);

    /// @notice The clients from position `start` up to, and without, `end`. Not of ERC-8004.
    function clientsBetween(uint256 agentId, uint256 start, uint256 end) external view returns (address[] memory);

    /// @notice The index of a client's newest feedback on the agent, which counts from 1; 0 when there is none.
    function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64);

    /// @notice The most pieces of feedback `readAllFeedback` reads at once.
    function MAX_READ() external view returns (uint256);
}
