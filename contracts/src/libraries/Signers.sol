// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// What a settlement costs is measured (BatchGas): two signatures are checked for each.
// solhint-disable no-inline-assembly

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

    /// @dev Whether a signature in the short form of EIP-2098 is `expected`'s. In place of the library's, which puts its
    /// words together in Solidity: two of these are a quarter of what a settlement costs.
    function isSigner(address expected, bytes32 digest, bytes32 r, bytes32 vs) internal view returns (bool same) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let s := and(vs, 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff)
            mstore(free, digest)
            mstore(add(free, 0x20), add(shr(255, vs), 27))
            mstore(add(free, 0x40), r)
            mstore(add(free, 0x60), s)
            mstore(0, 0)
            // The mirror image above half the curve's order is nobody's signature; nor is what recovers to zero.
            if iszero(gt(s, 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0)) {
                pop(staticcall(gas(), 1, free, 0x80, 0, 0x20))
            }
            let actual := mload(0)
            same := and(eq(actual, expected), iszero(iszero(actual)))
        }
    }

    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
    }
}
