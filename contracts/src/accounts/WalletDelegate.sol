// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignerEIP7702} from "@openzeppelin/contracts/utils/cryptography/signers/SignerEIP7702.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {MarketAccount} from "./MarketAccount.sol";

/// @title The code that a plain wallet runs by EIP-7702
/// @notice The wallet's address is account and key at once: what it signs for the market counts as before, and what it
/// calls may be paid by another. Delegating gives nobody else any power over the wallet.
contract WalletDelegate is MarketAccount, SignerEIP7702, IERC1271 {
    /// @inheritdoc IERC1271
    /// @dev Tokens ask a wallet that has code instead of recovering its key: the answer is the one they had before.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return _rawSignatureValidation(hash, signature) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
