// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ISettlements} from "../interfaces/ISettlements.sol";

/// @title Whose key signed a message
/// @dev Keys only, no ERC-1271: a contract could revoke its signature after the work was done.
library Signers {
    function requireSigner(
        ISettlements.Signed what,
        address expected,
        bytes32 digest,
        bytes calldata signature
    ) internal pure {
        address actual = recover(digest, signature);
        // An unreadable signature recovers to zero: it must not pass for the zero address.
        if (actual == address(0) || actual != expected) revert ISettlements.WrongSigner(what, expected, actual);
    }

    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
    }
}
