// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICredentialStatus} from "../interfaces/ICredentialStatus.sol";
import {IDidRegistry} from "../interfaces/IDidRegistry.sol";

/// @title Which credentials count no more
/// @dev Has no owner and no parameters to change.
contract CredentialStatus is ICredentialStatus {
    IDidRegistry private immutable DIDS;

    mapping(address issuer => mapping(bytes32 credentialHash => Status)) private _statuses;

    constructor(address didRegistry_) {
        if (didRegistry_.code.length == 0) revert NoDidRegistry(didRegistry_);
        DIDS = IDidRegistry(didRegistry_);
    }

    /// @inheritdoc ICredentialStatus
    function setStatus(address issuer, bytes32 credentialHash, Status status) external {
        address owner = DIDS.identityOwner(issuer);
        if (msg.sender != owner) revert NotTheIssuer(issuer, owner, msg.sender);
        Status before = _statuses[issuer][credentialHash];
        if (before == Status.Revoked) revert CredentialIsRevoked(issuer, credentialHash);
        if (before == status) revert StatusUnchanged(issuer, credentialHash, status);
        _statuses[issuer][credentialHash] = status;
        emit CredentialStatusChanged(issuer, credentialHash, status);
    }

    /// @inheritdoc ICredentialStatus
    function statusOf(address issuer, bytes32 credentialHash) external view returns (Status) {
        return _statuses[issuer][credentialHash];
    }

    /// @inheritdoc ICredentialStatus
    function didRegistry() external view returns (address) {
        return address(DIDS);
    }
}
