// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The status of verifiable credentials
/// @notice A credential itself stays off chain. Here its issuer, who is whoever owns the issuer's DID now, says that it
/// no longer counts: for a while, or for good. valid → suspended → valid; valid or suspended → revoked.
interface ICredentialStatus {
    enum Status {
        Valid,
        Suspended,
        Revoked
    }

    event CredentialStatusChanged(address indexed issuer, bytes32 indexed credentialHash, Status status);

    error NotTheIssuer(address issuer, address owner, address caller);
    error CredentialIsRevoked(address issuer, bytes32 credentialHash);
    error StatusUnchanged(address issuer, bytes32 credentialHash, Status status);
    error NoDidRegistry(address didRegistry);

    /// @notice Sets the status of a credential of the DID `issuer`; for the DID's owner.
    /// @param credentialHash keccak256 of what the issuer signed: a JWT's header and payload, without its signature,
    /// which has more than one form.
    function setStatus(address issuer, bytes32 credentialHash, Status status) external;

    /// @notice What the issuer says; a credential it never spoke of is valid.
    function statusOf(address issuer, bytes32 credentialHash) external view returns (Status);

    /// @notice The ERC-1056 registry that says who owns a DID.
    function didRegistry() external view returns (address);
}
