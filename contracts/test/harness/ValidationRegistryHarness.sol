// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IValidationAnswers} from "../../src/interfaces/IValidationAnswers.sol";

/// @title The part of an ERC-8004 validation registry that asks and answers, for anyone
contract ValidationRegistryHarness is IValidationAnswers {
    struct Status {
        address validator;
        uint256 agentId;
        uint8 response;
        bytes32 responseHash;
        string tag;
        uint256 lastUpdate;
    }

    mapping(bytes32 requestHash => Status) private _statuses;

    error Unknown(bytes32 requestHash);
    error Taken(bytes32 requestHash);
    error OnlyValidator(address caller);

    function validationRequest(address validator, uint256 agentId, string calldata, bytes32 requestHash) external {
        if (_statuses[requestHash].validator != address(0)) revert Taken(requestHash);
        _statuses[requestHash] = Status(validator, agentId, 0, 0, "", block.timestamp);
    }

    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata,
        bytes32 responseHash,
        string calldata tag
    ) external {
        Status storage status = _statuses[requestHash];
        if (msg.sender != status.validator) revert OnlyValidator(msg.sender);
        (status.response, status.responseHash, status.tag) = (response, responseHash, tag);
        status.lastUpdate = block.timestamp;
    }

    /// @inheritdoc IValidationAnswers
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (address, uint256, uint8, bytes32, string memory, uint256)
    {
        Status storage status = _statuses[requestHash];
        if (status.validator == address(0)) revert Unknown(requestHash);
        return (
            status.validator, status.agentId, status.response, status.responseHash, status.tag, status.lastUpdate
        );
    }
}
