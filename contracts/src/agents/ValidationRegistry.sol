// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IValidationRegistry} from "../interfaces/IValidationRegistry.sol";
import {AgentAuthority} from "../libraries/AgentAuthority.sol";

/// @title The registry of validations
contract ValidationRegistry is IValidationRegistry {
    using AgentAuthority for IERC721;
    using EnumerableSet for EnumerableSet.Bytes32Set;

    struct Validation {
        address validator;
        uint8 response;
        bool isAnswered;
        uint64 lastUpdate;
        uint256 agentId;
        bytes32 responseHash;
        string tag;
    }

    struct Tally {
        uint128 sum;
        uint64 count;
    }

    uint8 private constant MAX_RESPONSE = 100;
    /// @dev Stands for every tag; an answer without one is only ever found under it.
    bytes32 private constant ANY_TAG = 0;
    address private constant ANY_VALIDATOR = address(0);

    IERC721 private immutable IDENTITY;

    mapping(bytes32 requestHash => Validation) private _validations;
    mapping(uint256 agentId => EnumerableSet.Bytes32Set) private _ofAgent;
    mapping(address validator => EnumerableSet.Bytes32Set) private _ofValidator;
    mapping(uint256 agentId => mapping(address validator => mapping(bytes32 tagHash => Tally))) private _tallies;

    constructor(address identityRegistry) {
        if (identityRegistry == address(0)) revert ZeroRegistry();
        IDENTITY = IERC721(identityRegistry);
    }

    /// @inheritdoc IValidationRegistry
    function initialize(address) external view {
        revert AlreadyInitialized(address(IDENTITY));
    }

    /// @inheritdoc IValidationRegistry
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        if (validatorAddress == address(0)) revert ZeroValidator();
        if (!IDENTITY.speaksFor(agentId, msg.sender)) revert NotTheAgents(agentId, msg.sender);
        Validation storage asked = _validations[requestHash];
        if (asked.validator != address(0)) revert AlreadyRequested(requestHash);
        asked.validator = validatorAddress;
        asked.agentId = agentId;
        asked.lastUpdate = uint64(block.timestamp);
        _ofAgent[agentId].add(requestHash);
        _ofValidator[validatorAddress].add(requestHash);
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
    }

    /// @inheritdoc IValidationRegistry
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        if (response > MAX_RESPONSE) revert ResponseOverMaximum(response, MAX_RESPONSE);
        Validation storage asked = _known(requestHash);
        if (msg.sender != asked.validator) revert OnlyValidator(msg.sender, asked.validator);
        if (asked.isAnswered) _takeOut(asked.agentId, _hash(asked.tag), asked.response);
        _putIn(asked.agentId, _hash(tag), response);
        asked.response = response;
        asked.isAnswered = true;
        asked.lastUpdate = uint64(block.timestamp);
        asked.responseHash = responseHash;
        asked.tag = tag;
        emit ValidationResponse(msg.sender, asked.agentId, requestHash, response, responseURI, responseHash, tag);
    }

    /// @inheritdoc IValidationRegistry
    function getIdentityRegistry() external view returns (address) {
        return address(IDENTITY);
    }

    /// @inheritdoc IValidationRegistry
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
        )
    {
        Validation storage asked = _known(requestHash);
        return (
            asked.validator,
            asked.agentId,
            asked.response,
            asked.responseHash,
            asked.tag,
            asked.lastUpdate
        );
    }

    /// @inheritdoc IValidationRegistry
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 avgResponse)
    {
        bytes32 tagHash = _hash(tag);
        Tally memory total;
        if (validatorAddresses.length == 0) total = _tallies[agentId][ANY_VALIDATOR][tagHash];
        for (uint256 i = 0; i < validatorAddresses.length; ++i) {
            if (validatorAddresses[i] == ANY_VALIDATOR) continue;
            Tally storage tally = _tallies[agentId][validatorAddresses[i]][tagHash];
            total.sum += tally.sum;
            total.count += tally.count;
        }
        return (total.count, total.count == 0 ? 0 : uint8(total.sum / total.count));
    }

    /// @inheritdoc IValidationRegistry
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory) {
        return _ofAgent[agentId].values();
    }

    /// @inheritdoc IValidationRegistry
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory) {
        return _ofValidator[validatorAddress].values();
    }

    /// @inheritdoc IValidationRegistry
    function agentValidationsBetween(uint256 agentId, uint256 start, uint256 end)
        external
        view
        returns (bytes32[] memory)
    {
        return _ofAgent[agentId].values(start, end);
    }

    /// @inheritdoc IValidationRegistry
    function validatorRequestsBetween(address validatorAddress, uint256 start, uint256 end)
        external
        view
        returns (bytes32[] memory)
    {
        return _ofValidator[validatorAddress].values(start, end);
    }

    function _putIn(uint256 agentId, bytes32 tagHash, uint8 response) private {
        _add(_tallies[agentId][ANY_VALIDATOR][ANY_TAG], response);
        _add(_tallies[agentId][msg.sender][ANY_TAG], response);
        if (tagHash == ANY_TAG) return;
        _add(_tallies[agentId][ANY_VALIDATOR][tagHash], response);
        _add(_tallies[agentId][msg.sender][tagHash], response);
    }

    function _takeOut(uint256 agentId, bytes32 tagHash, uint8 response) private {
        _subtract(_tallies[agentId][ANY_VALIDATOR][ANY_TAG], response);
        _subtract(_tallies[agentId][msg.sender][ANY_TAG], response);
        if (tagHash == ANY_TAG) return;
        _subtract(_tallies[agentId][ANY_VALIDATOR][tagHash], response);
        _subtract(_tallies[agentId][msg.sender][tagHash], response);
    }

    function _add(Tally storage tally, uint8 response) private {
        tally.sum += response;
        ++tally.count;
    }

    function _subtract(Tally storage tally, uint8 response) private {
        tally.sum -= response;
        --tally.count;
    }

    function _known(bytes32 requestHash) private view returns (Validation storage asked) {
        asked = _validations[requestHash];
        if (asked.validator == address(0)) revert UnknownRequest(requestHash);
    }

    function _hash(string memory tag) private pure returns (bytes32) {
        return bytes(tag).length == 0 ? ANY_TAG : keccak256(bytes(tag));
    }
}
