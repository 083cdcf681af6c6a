// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MarketAccount} from "./MarketAccount.sol";

/// @title An account of its own address that one key owns
/// @notice For programs and teams, which give an account money before it exists. It calls any contract: it deposits for
/// a wallet, stakes, funds escrows and channels, buys access. It orders nothing, since the market's orders are signed by
/// keys and a contract could take back its word: name a wallet's key for that. Whoever loses the key loses the account.
/// @dev Made by {AccountFactory} as a clone that carries its owner in its code, so there is nothing to initialize and
/// nobody to be first. No ERC-1271: a signature over a plain hash would serve all accounts of one owner.
contract OwnedAccount is MarketAccount {
    /// @dev What clones delegate to. Nobody owns that itself.
    address private immutable IMPLEMENTATION = address(this);

    /// @notice Whose key signs its operations, and who may call {execute} without them; zero for the implementation.
    function owner() public view returns (address) {
        if (address(this) == IMPLEMENTATION) return address(0);
        return abi.decode(Clones.fetchCloneArgs(address(this)), (address));
    }

    function _rawSignatureValidation(
        bytes32 hash,
        bytes calldata signature
    ) internal view override returns (bool) {
        (address signer,,) = ECDSA.tryRecoverCalldata(hash, signature);
        // An unreadable signature recovers to zero: it must not pass for the implementation's owner.
        return signer != address(0) && signer == owner();
    }

    /// @dev An owner with gas of its own needs neither EntryPoint nor bundler.
    function _erc7821AuthorizedExecutor(
        address caller,
        bytes32 mode,
        bytes calldata executionData
    ) internal view override returns (bool) {
        return caller == owner() || super._erc7821AuthorizedExecutor(caller, mode, executionData);
    }
}
