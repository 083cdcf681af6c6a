// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Validation of agents' work, by ERC-8004
/// @notice An agent's owner asks a validator of its choice to check something; the validator answers from 0 to 100, as
/// often as it likes. What an answer is worth is the validator's reputation.
interface IValidationRegistry {
    event ValidationRequest(
        address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash
    );
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    /// @notice The registry of agents was set by the constructor, for good.
    error AlreadyInitialized(address identityRegistry);
    error ZeroRegistry();
    error ZeroValidator();
    error NotTheAgents(uint256 agentId, address caller);
    error AlreadyRequested(bytes32 requestHash);
    error UnknownRequest(bytes32 requestHash);
    error OnlyValidator(address caller, address validator);
    error ResponseOverMaximum(uint8 response, uint8 maximum);

    /// @notice Always reverts: kept because the reference has it.
    function initialize(address identityRegistry) external;

    function getIdentityRegistry() external view returns (address);

    /// @notice Asks `validatorAddress` to check what `requestURI` describes; for the agent's owner and operators. A
    /// hash is asked about once: let it cover something of the agent's own, or anybody can ask first.
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external;

    /// @notice Answers, from 0 to 100; a later answer takes the place of an earlier. For the validator asked.
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    /// @notice A request and its newest answer; `lastUpdate` is the second of either.
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        );

    /// @notice How many of the agent's requests are answered, and the mean answer; by the named validators, or by any
    /// when none is named. An empty tag stands for any. The cost grows with the validators named only.
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 avgResponse);

    /// @notice All of an agent's requests; see `agentValidationsBetween` for a long list.
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory);

    /// @notice All requests to a validator. Anyone can make this list long: see `validatorRequestsBetween`.
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory);

    /// @notice Those from position `start` up to, and without, `end`. Not of ERC-8004.
    function agentValidationsBetween(uint256 agentId, uint256 start, uint256 end)
        external
        view
        returns (bytes32[] memory);

    /// @notice Those from position `start` up to, and without, `end`. Not of ERC-8004.
    function validatorRequestsBetween(address validatorAddress, uint256 start, uint256 end)
        external
        view
        returns (bytes32[] memory);
}
