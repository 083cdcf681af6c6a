// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IIdentityRegistry} from "../src/interfaces/IIdentityRegistry.sol";
import {AgentFixture} from "./AgentFixture.sol";
import {vm} from "./Vm.sol";

/// @dev A wallet that agrees to one digest.
contract ContractWallet is IERC1271 {
    bytes32 private immutable AGREED;

    constructor(bytes32 agreed) {
        AGREED = agreed;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == AGREED ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

contract IdentityRegistryTest is AgentFixture {
    uint256 private constant WALLET_KEY = 0x3A11;
    address private immutable WALLET = vm.addr(WALLET_KEY);
    uint256 private constant SOON = START + 5 minutes;

    function _walletDigest(uint256 agentId, address wallet, address owner, uint256 deadline)
        private
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ERC8004IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(identity)
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)"),
                agentId,
                wallet,
                owner,
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _walletWord(uint256 agentId, address owner, uint256 deadline) private view returns (bytes memory) {
        return _signWith(WALLET_KEY, _walletDigest(agentId, WALLET, owner, deadline));
    }

    function _setWallet(uint256 agentId, address owner) private {
        bytes memory word = _walletWord(agentId, owner, SOON);
        vm.prank(owner);
        identity.setAgentWallet(agentId, WALLET, SOON, word);
    }

    function _metadata(string memory key, bytes memory value)
        private
        pure
        returns (IIdentityRegistry.MetadataEntry[] memory entries)
    {
        entries = new IIdentityRegistry.MetadataEntry[](1);
        entries[0] = IIdentityRegistry.MetadataEntry(key, value);
    }

    function _unauthorised(address caller, uint256 agentId) private {
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, caller, agentId)
        );
        vm.prank(caller);
    }

    function test_an_agent_is_registered_with_uri_metadata_and_its_owner_as_wallet() public {
        vm.expectEmit();
        emit IIdentityRegistry.Registered(1, "ipfs://agent", CREATOR);
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(1, "agentWallet", "agentWallet", abi.encodePacked(CREATOR));
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(1, "model", "model", "small");
        vm.expectEmit();
        emit IERC721.Transfer(address(0), CREATOR, 1);
        vm.prank(CREATOR);
        uint256 agentId = identity.register("ipfs://agent", _metadata("model", "small"));
        vm.snapshotGasLastCall("register, with URI and one piece of metadata");
        assertEq(agentId, 1);
        assertEq(identity.ownerOf(1), CREATOR);
        assertEq(bytes(identity.tokenURI(1)), "ipfs://agent");
        assertEq(identity.getMetadata(1, "model"), "small");
        assertEq(identity.getMetadata(1, "other"), "");
        assertEq(identity.getAgentWallet(1), CREATOR);
        assertEq(identity.getMetadata(1, "agentWallet"), abi.encodePacked(CREATOR));
        assertEq(_register(OTHER), 2);
        assertEq(bytes(identity.tokenURI(2)), "");
    }

    function test_the_wallet_is_not_set_as_metadata() public {
        bytes memory reserved = abi.encodeWithSelector(IIdentityRegistry.ReservedKey.selector, "agentWallet");
        vm.expectRevert(reserved);
        identity.register("", _metadata("agentWallet", abi.encodePacked(STRANGER)));
        uint256 agentId = _register(CREATOR);
        vm.expectRevert(reserved);
        vm.prank(CREATOR);
        identity.setMetadata(agentId, "agentWallet", abi.encodePacked(STRANGER));
        assertEq(identity.getAgentWallet(agentId), CREATOR);
    }

    function test_owner_and_operators_change_an_agent_and_nobody_else() public {
        uint256 agentId = _register(CREATOR);
        vm.prank(CREATOR);
        identity.setApprovalForAll(OTHER, true);
        vm.prank(CREATOR);
        identity.approve(PROVIDER, agentId);
        address[3] memory allowed = [CREATOR, OTHER, PROVIDER];
        for (uint256 i = 0; i < allowed.length; ++i) {
            bytes memory value = abi.encodePacked(allowed[i]);
            vm.expectEmit();
            emit IIdentityRegistry.URIUpdated(agentId, string(value), allowed[i]);
            vm.prank(allowed[i]);
            identity.setAgentURI(agentId, string(value));
            assertEq(bytes(identity.tokenURI(agentId)), value);
            vm.prank(allowed[i]);
            identity.setMetadata(agentId, "by", value);
            assertEq(identity.getMetadata(agentId, "by"), value);
        }
        _unauthorised(STRANGER, agentId);
        identity.setAgentURI(agentId, "ipfs://forged");
        _unauthorised(STRANGER, agentId);
        identity.setMetadata(agentId, "by", "stranger");
        _unauthorised(STRANGER, agentId);
        identity.unsetAgentWallet(agentId);
        bytes memory word = _walletWord(agentId, CREATOR, SOON);
        _unauthorised(WALLET, agentId);
        identity.setAgentWallet(agentId, WALLET, SOON, word);
    }

    function test_a_wallet_is_an_agents_by_the_wallets_own_signature() public {
        uint256 agentId = _register(CREATOR);
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(agentId, "agentWallet", "agentWallet", abi.encodePacked(WALLET));
        _setWallet(agentId, CREATOR);
        assertEq(identity.getAgentWallet(agentId), WALLET);
        vm.prank(CREATOR);
        identity.unsetAgentWallet(agentId);
        assertEq(identity.getAgentWallet(agentId), address(0));
        assertEq(identity.getMetadata(agentId, "agentWallet"), "");
    }

    function test_a_contract_is_an_agents_wallet_by_erc_1271() public {
        uint256 agentId = _register(CREATOR);
        // Where a contract will stand follows from its deployer's nonce, so the digest it agrees to is made after it.
        ContractWallet refusing = new ContractWallet(0);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.WalletDidNotSign.selector, address(refusing)));
        vm.prank(CREATOR);
        identity.setAgentWallet(agentId, address(refusing), SOON, "");
        ContractWallet agreeing =
            new ContractWallet(_walletDigest(agentId, address(refusing), CREATOR, SOON));
        vm.etch(address(refusing), address(agreeing).code);
        vm.prank(CREATOR);
        identity.setAgentWallet(agentId, address(refusing), SOON, "");
        assertEq(identity.getAgentWallet(agentId), address(refusing));
    }

    function test_a_key_signs_for_its_account_even_where_the_account_carries_code() public {
        uint256 agentId = _register(CREATOR);
        vm.etch(WALLET, address(new ContractWallet(0)).code);
        _setWallet(agentId, CREATOR);
        assertEq(identity.getAgentWallet(agentId), WALLET);
    }

    function test_a_wallets_signature_counts_for_five_minutes_at_most() public {
        uint256 agentId = _register(CREATOR);
        bytes memory late = _walletWord(agentId, CREATOR, SOON + 1);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.DeadlineTooFar.selector, SOON + 1, SOON));
        vm.prank(CREATOR);
        identity.setAgentWallet(agentId, WALLET, SOON + 1, late);
        bytes memory word = _walletWord(agentId, CREATOR, SOON);
        vm.warp(SOON + 1);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.DeadlinePassed.selector, SOON, SOON + 1));
        vm.prank(CREATOR);
        identity.setAgentWallet(agentId, WALLET, SOON, word);
        vm.warp(SOON);
        vm.prank(CREATOR);
        identity.setAgentWallet(agentId, WALLET, SOON, word);
    }

    function test_no_other_signature_makes_a_wallet_an_agents() public {
        uint256 agentId = _register(CREATOR);
        uint256 other = _register(CREATOR);
        bytes[4] memory words = [
            _signWith(STRANGER_KEY, _walletDigest(agentId, WALLET, CREATOR, SOON)),
            _walletWord(other, CREATOR, SOON),
            _walletWord(agentId, OTHER, SOON),
            bytes("")
        ];
        for (uint256 i = 0; i < words.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.WalletDidNotSign.selector, WALLET));
            vm.prank(CREATOR);
            identity.setAgentWallet(agentId, WALLET, SOON, words[i]);
        }
        // An unreadable signature recovers to zero, which is nobody's wallet.
        vm.expectRevert(IIdentityRegistry.ZeroWallet.selector);
        vm.prank(CREATOR);
        identity.setAgentWallet(agentId, address(0), SOON, "");
    }

    function test_an_agent_that_is_sold_has_no_wallet() public {
        uint256 agentId = _register(CREATOR);
        _setWallet(agentId, CREATOR);
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(agentId, "agentWallet", "agentWallet", "");
        _transfer(agentId, CREATOR, OTHER);
        assertEq(identity.getAgentWallet(agentId), address(0));
        // What the wallet signed for the seller is worth nothing to the buyer.
        bytes memory word = _walletWord(agentId, CREATOR, SOON);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.WalletDidNotSign.selector, WALLET));
        vm.prank(OTHER);
        identity.setAgentWallet(agentId, WALLET, SOON, word);
        _setWallet(agentId, OTHER);
        assertEq(identity.getAgentWallet(agentId), WALLET);
    }

    function test_nobody_makes_an_operator_of_an_account_that_refuses() public {
        uint256 agentId = _register(CREATOR);
        vm.prank(CREATOR);
        identity.setApprovalForAll(OTHER, true);
        vm.prank(CREATOR);
        identity.approve(OTHER, agentId);
        assertTrue(identity.isApprovedForAll(CREATOR, OTHER) && identity.getApproved(agentId) == OTHER);
        vm.expectEmit();
        emit IIdentityRegistry.OperatorshipRefused(OTHER);
        vm.prank(OTHER);
        identity.refuseOperatorship();
        assertTrue(identity.refusesOperatorship(OTHER) && !identity.refusesOperatorship(CREATOR));
        vm.prank(CREATOR);
        identity.setApprovalForAll(OTHER, true);
        vm.prank(CREATOR);
        identity.approve(OTHER, agentId);
        assertTrue(!identity.isApprovedForAll(CREATOR, OTHER) && identity.getApproved(agentId) == address(0));
        _unauthorised(OTHER, agentId);
        identity.transferFrom(CREATOR, OTHER, agentId);
        _unauthorised(OTHER, agentId);
        identity.setAgentURI(agentId, "ipfs://operator");
    }

    function test_an_agent_that_does_not_exist_has_no_wallet_and_no_setters() public {
        bytes memory missing = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9);
        vm.expectRevert(missing);
        identity.getAgentWallet(9);
        vm.expectRevert(missing);
        identity.setMetadata(9, "key", "value");
        vm.expectRevert(missing);
        identity.setAgentURI(9, "");
    }

    function test_the_registry_is_an_erc_721() public view {
        assertTrue(identity.supportsInterface(type(IERC721).interfaceId));
        assertTrue(identity.supportsInterface(type(IERC165).interfaceId));
        assertEq(bytes(identity.symbol()), "AGENT");
    }

    /// @dev Whatever is registered, set and sold, a wallet is the owner who registered or one that signed, never left
    /// over from another owner.
    function testFuzz_a_wallet_never_outlives_its_owner(address to, bytes calldata value) public {
        vm.assume(to != address(0) && to != CREATOR);
        uint256 agentId = _register(CREATOR);
        vm.prank(CREATOR);
        identity.setMetadata(agentId, "key", value);
        _transfer(agentId, CREATOR, to);
        assertEq(identity.getAgentWallet(agentId), address(0));
        assertEq(identity.getMetadata(agentId, "key"), value);
    }
}
