// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";

/// @title The market's EIP-712 domain
/// @dev Keys only, no ERC-1271: a contract could revoke its signature after the work was done.
abstract contract Signatures is EIP712 {
    constructor() EIP712("Stoa", "1") {}

    function _requireSigner(
        ISettlements.Signed what,
        address expected,
        bytes32 digest,
        bytes calldata signature
    ) internal pure {
        address actual = _recover(digest, signature);
        // An unreadable signature recovers to zero: it must not pass for the zero address.
        if (actual == address(0) || actual != expected) revert ISettlements.WrongSigner(what, expected, actual);
    }

    function _recover(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
    }
}
